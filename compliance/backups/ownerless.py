"""Clinics that a restore leaves without an owner.

Nobody erases the account of a clinic's last owner. But where another became owner after
the backup, that is lost, and the erasure of the first is done again.
"""

from uuid import UUID

from accounts.models import Membership
from accounts.permissions import Role
from accounts.way_in import organization_ids
from compliance.closing.selectors.standing import find_standing
from sondervoice.kernel import tenancy


def find_ownerless() -> list[UUID]:
    """Return the clinics that had an owner and have none; opens their scopes.

    A clinic that an agency has opened, and whose owner has not come yet, is none of
    them; nor is one whose account is being closed.
    """
    return [one for one in organization_ids() if _lost_its_owner(one)]


def _lost_its_owner(organization_id: UUID) -> bool:
    with tenancy.scope(organization_id):
        owners = Membership.objects.filter(role=Role.OWNER)
        stands = owners.filter(ended_at=None, user__is_active=True)
        return owners.exists() and not stands.exists() and find_standing() is None
