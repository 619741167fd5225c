"""Call a factor something else."""

from django.db import transaction

from accounts.models import User
from accounts.second_factor.selectors.factors import MODELS, Kind, get_factor
from sondervoice.kernel import audit


@transaction.atomic
def rename_factor(*, user: User, kind: str, factor_id: int, name: str) -> None:
    """Rename one of the person's factors; the name says nothing to the database.

    Raises:
        FactorNotFoundError: If there is none, or it is somebody else's.
    """
    factor = get_factor(user=user, kind=kind, factor_id=factor_id)
    mine = MODELS[Kind(kind)].objects.filter(user=user, pk=factor.id)
    mine.update(name=name)
    audit.record(
        audit.Entry(
            action="accounts.factor.renamed",
            organization_id=None,
            actor_kind="user",
            actor_id=user.pk,
            subject_kind="user",
            subject_id=user.pk,
            fields=("name",),
        )
    )
