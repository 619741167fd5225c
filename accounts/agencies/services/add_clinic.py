"""Open a clinic that an agency looks after, and invite its owner."""

from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.actors import Actor
from accounts.joining.services.invite_person import invite_person
from accounts.models import Agency, Organization, User
from accounts.permissions import ROLE_GRANTS, Role
from accounts.services.create_organization import ClinicDetails, create_organization
from sondervoice.kernel import tenancy

# An owner who is on holiday finds the letter still good.
OWNER_DAYS: Final = 30


@transaction.atomic
def add_clinic(
    *,
    user: User,
    agency: Agency,
    details: ClinicDetails,
    owner_email: str,
    now: datetime,
) -> Organization:
    """Make the clinic and send its owner a letter; until then it has no owner.

    Args:
        user: An administrator of the agency who has shown a second factor.

    Raises:
        RoleNotYoursError: If they name themselves as the owner.
    """
    clinic = create_organization(
        details=details, by_user_id=user.pk, now=now, agency_id=agency.pk
    )
    actor = Actor(
        kind="user",
        id=user.pk,
        organization_id=clinic.pk,
        permissions=ROLE_GRANTS[Role.AGENCY_ADMINISTRATOR],
        role=Role.AGENCY_ADMINISTRATOR,
    )
    with tenancy.scope(clinic.pk):
        invite_person(
            actor=actor,
            email=owner_email,
            role=Role.OWNER,
            days=OWNER_DAYS,
            now=now,
        )
    return clinic
