"""Begin to look at one clinic; its owners are told."""

from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Membership
from accounts.operators.errors import (
    HelpTurnedOffError,
    NotYoursError,
    OverError,
)
from accounts.operators.models import OperatorSession
from accounts.operators.selectors.sessions import (
    can_still_begin,
    get_session_for_update,
    is_help_off,
)
from accounts.permissions import Role
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.jobs import after_commit


def start_session(
    *, operator_id: UUID, organization_id: UUID, session_id: UUID, now: datetime
) -> OperatorSession:
    """Start the minutes of an approved session, once.

    Raises:
        OperatorThingNotFoundError: If the clinic has no such session.
        NotYoursError: If another operator asked for it.
        OverError: If it is not approved, was started, ended, or asked for too long ago.
        HelpTurnedOffError: If the clinic has turned help off meanwhile.
    """
    with tenancy.scope(organization_id):
        session = get_session_for_update(session_id=session_id)
        if session.operator_id != operator_id:
            raise NotYoursError
        if not session.approved_at or not can_still_begin(session, now=now):
            raise OverError
        if is_help_off():
            raise HelpTurnedOffError
        session.started_at = now
        session.ends_at = now + timedelta(minutes=session.minutes)
        session.save(update_fields=["started_at", "ends_at"])
        audit.record(
            audit.Entry(
                action="accounts.operator_session.started",
                organization_id=organization_id,
                actor_kind="operator",
                actor_id=operator_id,
                subject_kind="operator_session",
                subject_id=session.pk,
                facts={"minutes": session.minutes},
            )
        )
        _tell_owners(session)
        return session


def _tell_owners(session: OperatorSession) -> None:
    owners = Membership.objects.filter(role=Role.OWNER, ended_at=None)
    for user_id in owners.values_list("user_id", flat=True):
        after_commit(
            "accounts.tell_owner_of_help",
            organization_id=session.organization_id,
            ids={"session_id": session.pk, "user_id": user_id},
        )
