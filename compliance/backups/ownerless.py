"""Clinics that a restore leaves without an owner.

Nobody erases the account of a clinic's last owner. But where another became owner after
the backup, that is lost, and the erasure of the first is done again.
"""

from uuid import UUID

from accounts.operators.selectors.ownership import why_no_owner_is_given
from accounts.way_in import organization_ids
from sondervoice.kernel import tenancy


def find_ownerless() -> list[UUID]:
    """Return the clinics that had an owner and have none; opens their scopes.

    A clinic that an agency has opened, and whose owner has not come yet, is none of
    them; nor is one whose account is being closed.
    """
    return [one for one in organization_ids() if _lost_its_owner(one)]


def _lost_its_owner(organization_id: UUID) -> bool:
    with tenancy.scope(organization_id):
        return why_no_owner_is_given() is None
