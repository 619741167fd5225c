"""Take a person's factor away."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.second_factor.errors import LastFactorError
from accounts.second_factor.models import RecoveryCodes
from accounts.second_factor.selectors.factors import (
    MODELS,
    Kind,
    get_factor,
    list_factors,
)
from accounts.second_factor.selectors.obligation import must_have_factor
from accounts.second_factor.services.lock_tries import lock_tries
from accounts.second_factor.services.note_change import note_change
from accounts.services.record_for_clinics import record_for_clinics
from sondervoice.kernel import audit


@transaction.atomic
def remove_factor(*, user: User, kind: str, factor_id: int, now: datetime) -> int:
    """Remove one of the person's factors; return the number of their sessions.

    With the last one the recovery codes go too: they stand for a factor.

    Raises:
        FactorNotFoundError: If there is none, or it is somebody else's.
        LastFactorError: If it is the last one and they may not go without.
    """
    lock_tries(user_id=user.pk)
    factor = get_factor(user=user, kind=kind, factor_id=factor_id)
    is_last = len(list_factors(user=user)) == 1
    if is_last and must_have_factor(user=user, now=now):
        raise LastFactorError
    MODELS[Kind(kind)].objects.filter(user=user, pk=factor.id).delete()
    if is_last:
        RecoveryCodes.objects.filter(user=user).delete()
    number = note_change(user=user, letter="accounts.tell_factor_removed", now=now)
    record_for_clinics(
        audit.Entry(
            action="accounts.factor.removed",
            organization_id=None,
            actor_kind="user",
            actor_id=user.pk,
            subject_kind="user",
            subject_id=user.pk,
            facts={"is_passkey": factor.kind == Kind.PASSKEY, "is_last": is_last},
        ),
        user_id=user.pk,
    )
    return number
