"""Whether somebody must have a second factor, whichever clinic is open."""

from datetime import datetime
from uuid import UUID

from accounts.models import AgencyMembership, Organization, User
from accounts.permissions import needs_second_factor
from accounts.selectors.members import find_actor
from accounts.way_in import organizations_for_user
from sondervoice.kernel import tenancy


def must_have_factor(*, user: User, now: datetime) -> bool:
    """Return whether the person may not go without one.

    Operators and agencies' administrators may not, nor who can give access in any of
    their clinics, nor a member of a clinic in HIPAA mode.
    """
    if user.is_staff or AgencyMembership.objects.filter(user=user).exists():
        return True
    mine = organizations_for_user(user.pk)
    return any(_asks(user, one, now) for one in mine)


def _asks(user: User, organization_id: UUID, now: datetime) -> bool:
    with tenancy.scope(organization_id):
        organization = Organization.objects.get(pk=organization_id)
        # As if a factor had been shown: what is asked is what they might do then.
        actor = find_actor(user=user, organization=organization, factor_at=now)
        return needs_second_factor(
            actor.permissions, hipaa_mode=organization.hipaa_mode
        )
