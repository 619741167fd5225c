"""Shut every way into a clinic that is being closed."""

from datetime import datetime

from accounts.models import Organization
from compliance.closing.models import Closing
from compliance.closing.services.clinic_rows import delete_rows
from compliance.closing.services.people import end_memberships
from compliance.retention.selectors.holds import list_standing_holds
from sondervoice.kernel.clinic_rows import Leaves


def shut_doors(closing: Closing, *, now: datetime) -> int:
    """End keys, invitations, the directory, the agency and who belongs to the clinic.

    It is done in the open transaction. While a legal hold stands, owners keep the way
    to release it.

    Returns:
        How many people were let go.
    """
    organization_id = closing.organization_id
    delete_rows(organization_id, Leaves.WITH_THE_DOORS)
    Organization.objects.filter(pk=organization_id).update(agency=None)
    closing.is_held = list_standing_holds().exists()
    return end_memberships(closing, owners_stay=closing.is_held, now=now)
