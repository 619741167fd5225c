"""Write to somebody who is invited."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.joining.links import Link, LinkKind
from accounts.joining.models import Invitation
from accounts.letters import send_letter
from accounts.models import Organization
from sondervoice.kernel import tenancy


def send_invitation(
    *, organization_id: UUID, invitation_id: UUID, now: datetime
) -> None:
    """Send the link of an invitation that is still open; twice is harmless.

    Raises:
        VendorError: If the mail server did not take it.
    """
    with tenancy.scope(organization_id):
        clinic = Organization.objects.get(pk=organization_id)
        found = (
            Invitation.objects.select_related("custom_role")
            .filter(pk=invitation_id)
            .first()
        )
        if found is None or not found.is_open(now=now):
            return
        custom = found.custom_role
    link = Link(
        kind=LinkKind.INVITATION,
        row_id=found.pk,
        number=found.link_number,
        organization_id=organization_id,
    )
    send_letter(
        "invitation",
        to=found.email,
        clinic=clinic.name,
        role=found.role if custom is None else custom.name,
        is_limited=found.is_limited,
        expires_at=found.expires_at.astimezone(ZoneInfo(clinic.timezone)),
        path=link.path(),
    )
