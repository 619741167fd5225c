"""Jobs about operators."""

from typing import Final
from uuid import UUID

from celery import shared_task

from accounts.letters import send_letter
from accounts.models import Membership, Organization
from accounts.operators.models import OperatorSession
from accounts.operators.services import tell_of_act as telling
from accounts.operators.services import watch_leavings as watching
from accounts.permissions import Role
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject

_TO_PEOPLE: Final = Sending(to=("mail",), of=Subject.STAFF, purpose=Purpose.SECURITY)
_TO_US: Final = Sending(to=("mail",), of=Subject.OPERATORS, purpose=Purpose.SECURITY)


@shared_task(name="accounts.watch_leavings", ignore_result=True)
def watch_leavings() -> None:
    """Look whether a colleague's leaving is overdue."""
    watching.watch_leavings(now=utc_now())


@job("accounts.warn_of_leaving", sends=_TO_US)
def warn_of_leaving(*, organization_id: UUID | None, leaving_id: UUID) -> None:
    """Tell SECURITY_MAIL that a colleague's leaving is overdue."""
    watching.warn_of_leaving(leaving_id=leaving_id)


@job("accounts.tell_owner_of_help", gives_up=False, sends=_TO_PEOPLE)
def tell_owner_of_help(
    *, organization_id: UUID, session_id: UUID, user_id: UUID
) -> None:
    """Write to one owner that an operator has begun to look at their clinic."""
    with tenancy.scope(organization_id):
        owner = (
            Membership.objects.select_related("user")
            .filter(user_id=user_id, role=Role.OWNER, ended_at=None)
            .first()
        )
        if owner is None:
            return
        session = OperatorSession.objects.get(pk=session_id)
        clinic = Organization.objects.get(pk=organization_id)
    send_letter(
        "operator_session_started",
        to=owner.user.email,
        clinic=clinic.name,
        session=session,
        zone=clinic.timezone,
    )


@job("accounts.tell_owner_of_act", gives_up=False, sends=_TO_PEOPLE)
def tell_owner_of_act(*, organization_id: UUID, act_id: UUID, user_id: UUID) -> None:
    """Write to one owner what two operators did."""
    telling.tell_owner_of_act(
        organization_id=organization_id, act_id=act_id, user_id=user_id
    )


@job("accounts.tell_agency_of_act", gives_up=False, sends=_TO_PEOPLE)
def tell_agency_of_act(
    *, organization_id: UUID | None, act_id: UUID, user_id: UUID
) -> None:
    """Write to one administrator of an agency who administers it now."""
    telling.tell_agency_of_act(act_id=act_id, user_id=user_id)
