"""Close a person's account, or open it again."""

from uuid import UUID

from django.db import transaction

from accounts.operators.desk import set_person_active
from accounts.operators.errors import OperatorThingNotFoundError, SamePersonError
from accounts.services.record_for_clinics import record_for_clinics
from sondervoice.kernel import audit


@transaction.atomic
def set_active(
    *, operator_id: UUID, user_id: UUID, is_active: bool, act_id: UUID | None = None
) -> None:
    """Let the person sign in or not; their sessions and tokens end either way.

    Each of their clinics has it in its record. Call it at the desk.

    Args:
        act_id: Of what two operators stand for; closing has one.

    Raises:
        SamePersonError: If they would close their own account.
        OperatorThingNotFoundError: If there is no such person.
    """
    if operator_id == user_id:
        raise SamePersonError
    entry = audit.Entry(
        action="accounts.person.set_active",
        organization_id=None,
        actor_kind="operator",
        actor_id=operator_id,
        subject_kind="user",
        subject_id=user_id,
        fields=("is_active",),
        facts={"is_active": is_active, **({"act": act_id} if act_id else {})},
    )
    # Who is closed has no clinics any more: they are asked for while there are some.
    if not is_active:
        record_for_clinics(entry, user_id=user_id)
    if not set_person_active(user_id, is_active=is_active):
        raise OperatorThingNotFoundError
    if is_active:
        record_for_clinics(entry, user_id=user_id)
