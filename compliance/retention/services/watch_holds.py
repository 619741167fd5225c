"""Remind of holds whose day to look again has come: a hold does not end by itself.

On the day itself, and each week after it until somebody renews or releases the hold.
"""

from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.letters import send_letter
from accounts.models import Organization
from accounts.permissions import Permission
from accounts.selectors.holders import find_holder_address, list_holder_ids
from compliance.retention.models import LegalHold
from compliance.retention.selectors.holds import list_standing_holds
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit

AGAIN_AFTER_DAYS: Final = 7


def watch_holds(*, organization_id: UUID, due_at: datetime) -> None:
    """Ask for letters about one clinic's holds.

    Args:
        organization_id: The clinic's.
        due_at: The time of the day that is looked at, once a day.
    """
    with tenancy.scope(organization_id):
        clinic = Organization.objects.get(pk=organization_id)
        today = due_at.astimezone(ZoneInfo(clinic.timezone)).date()
        late = [(today - hold.review_on).days for hold in list_standing_holds()]
        if not any(days >= 0 and days % AGAIN_AFTER_DAYS == 0 for days in late):
            return
        for user_id in list_holder_ids(Permission.RETENTION_MANAGE):
            after_commit(
                "compliance.remind_of_holds",
                organization_id=organization_id,
                ids={"user_id": user_id},
            )


def remind_of_holds(*, organization_id: UUID, user_id: UUID, now: datetime) -> None:
    """Write to one who may renew or release them; not once that is done.

    Raises:
        VendorError: If the mail server did not take it.
    """
    with tenancy.scope(organization_id):
        to = find_holder_address(Permission.RETENTION_MANAGE, user_id=user_id)
        clinic = Organization.objects.get(pk=organization_id)
        today = now.astimezone(ZoneInfo(clinic.timezone)).date()
        due = LegalHold.objects.filter(released_at=None, review_on__lte=today)
        count = due.count()
    if to is not None and count:
        send_letter("holds_due", to=to, clinic=clinic.name, count=count)
