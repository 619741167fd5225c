"""Close a person's account, or open it again."""

from uuid import UUID

from django.db import transaction

from accounts.operators.desk import set_person_active
from accounts.operators.errors import OperatorThingNotFoundError, SamePersonError
from sondervoice.kernel import audit


@transaction.atomic
def set_active(*, operator_id: UUID, user_id: UUID, is_active: bool) -> None:
    """Let the person sign in or not; their sessions and tokens end either way.

    Call it at the desk.

    Raises:
        SamePersonError: If they would close their own account.
        OperatorThingNotFoundError: If there is no such person.
    """
    if operator_id == user_id:
        raise SamePersonError
    if not set_person_active(user_id, is_active=is_active):
        raise OperatorThingNotFoundError
    audit.record(
        audit.Entry(
            action="accounts.person.set_active",
            organization_id=None,
            actor_kind="operator",
            actor_id=operator_id,
            subject_kind="user",
            subject_id=user_id,
            fields=("is_active",),
            facts={"is_active": is_active},
        )
    )
