"""Jobs about operators."""

from uuid import UUID

from accounts.letters import send_letter
from accounts.models import Membership, Organization
from accounts.operators.models import OperatorSession
from accounts.permissions import Role
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import job


@job("accounts.tell_owner_of_help")
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
