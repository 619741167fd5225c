"""Ask to look at one clinic."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Membership, Organization, User
from accounts.operators.errors import HelpTurnedOffError, OperatorThingNotFoundError
from accounts.operators.models import OperatorSession
from accounts.operators.selectors.sessions import is_help_off
from sondervoice.kernel import audit, tenancy


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What an operator asks for.

    Attributes:
        as_member_id: Whose view they want to see, or None for their own.
    """

    organization_id: UUID
    reason: str
    ticket: str
    minutes: int
    as_member_id: UUID | None = None


def ask_session(*, operator: User, ask: Ask, now: datetime) -> OperatorSession:
    """Ask for a session that another operator will have to approve.

    Raises:
        HelpTurnedOffError: If the clinic wants no help.
        OperatorThingNotFoundError: If there is no such clinic, or nobody of
            that id belongs to it.
    """
    with tenancy.scope(ask.organization_id):
        if not Organization.objects.filter(pk=ask.organization_id).exists():
            raise OperatorThingNotFoundError
        if is_help_off():
            raise HelpTurnedOffError
        _check_member(ask.as_member_id)
        session = OperatorSession.objects.create(
            organization_id=ask.organization_id,
            operator=operator,
            operator_name=operator.full_name or operator.email,
            as_member_id=ask.as_member_id,
            reason=ask.reason,
            ticket=ask.ticket,
            minutes=ask.minutes,
            requested_at=now,
        )
        audit.record(
            audit.Entry(
                action="accounts.operator_session.asked",
                organization_id=ask.organization_id,
                actor_kind="operator",
                actor_id=operator.pk,
                subject_kind="operator_session",
                subject_id=session.pk,
                facts={
                    "minutes": ask.minutes,
                    **({"as_member": ask.as_member_id} if ask.as_member_id else {}),
                },
            )
        )
        return session


def _check_member(user_id: UUID | None) -> None:
    if user_id is None:
        return
    if not Membership.objects.filter(user_id=user_id, ended_at=None).exists():
        raise OperatorThingNotFoundError
