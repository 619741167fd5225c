"""Let an operator look at one clinic, as the second person."""

from datetime import datetime
from uuid import UUID

from accounts.models import User
from accounts.operators.errors import HelpTurnedOffError, OverError, SamePersonError
from accounts.operators.selectors.sessions import (
    can_still_begin,
    get_session_for_update,
    is_help_off,
)
from sondervoice.kernel import audit, tenancy


def approve_session(
    *, operator: User, organization_id: UUID, session_id: UUID, now: datetime
) -> None:
    """Approve what another operator asked for; they then start it themselves.

    Raises:
        OperatorThingNotFoundError: If the clinic has no such session.
        SamePersonError: If they asked for it.
        OverError: If it was answered, ended, or asked for too long ago.
        HelpTurnedOffError: If the clinic has turned help off meanwhile.
    """
    with tenancy.scope(organization_id):
        session = get_session_for_update(session_id=session_id)
        if session.operator_id == operator.pk:
            raise SamePersonError
        if session.approved_at or not can_still_begin(session, now=now):
            raise OverError
        if is_help_off():
            raise HelpTurnedOffError
        session.approved_by = operator
        session.approver_name = operator.full_name or operator.email
        session.approved_at = now
        session.save(update_fields=["approved_by", "approver_name", "approved_at"])
        audit.record(
            audit.Entry(
                action="accounts.operator_session.approved",
                organization_id=organization_id,
                actor_kind="operator",
                actor_id=operator.pk,
                subject_kind="operator_session",
                subject_id=session.pk,
            )
        )
