"""In which time zone a person reads times, also outside any clinic's pages."""

from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import Organization
from accounts.way_in import organizations_for_user
from sondervoice.kernel import tenancy


def find_zone(user_id: UUID) -> ZoneInfo:
    """Return the zone of the clinic they joined first; UTC for who has none."""
    mine = organizations_for_user(user_id)
    if not mine:
        return ZoneInfo("UTC")
    with tenancy.scope(mine[0]):
        return ZoneInfo(Organization.objects.get(pk=mine[0]).timezone)
