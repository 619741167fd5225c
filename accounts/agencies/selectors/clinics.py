"""The clinics that a person's agencies look after, each asked in its own scope."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from accounts.agencies.errors import AgencyNotFoundError
from accounts.models import Agency, AgencyMembership, Membership, Organization, User
from accounts.way_in import organizations_for_user
from sondervoice.kernel import tenancy


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyClinic:
    """A clinic as its agency sees it: counts, no names of people.

    Attributes:
        with_factor: How many of the members have set up a second factor.
    """

    id: UUID
    name: str
    hipaa_mode: bool
    members: int
    with_factor: int


def list_agencies(*, user: User) -> list[Agency]:
    """Return the agencies that the person administers, by name."""
    own = AgencyMembership.objects.filter(user=user).select_related("agency")
    return sorted((one.agency for one in own), key=lambda one: one.name)


def get_agency(*, user: User, agency_id: UUID) -> Agency:
    """Return an agency that the person administers.

    Raises:
        AgencyNotFoundError: If there is none, or it is not theirs.
    """
    own = AgencyMembership.objects.filter(user=user, agency_id=agency_id)
    found = own.select_related("agency").first()
    if found is None:
        raise AgencyNotFoundError
    return found.agency


def list_agency_clinics(*, user: User, agency: Agency) -> list[AgencyClinic]:
    """Return the agency's clinics, by name."""
    found = [_read(one, agency) for one in organizations_for_user(user.pk)]
    return sorted((one for one in found if one), key=lambda one: one.name.casefold())


def _read(organization_id: UUID, agency: Agency) -> AgencyClinic | None:
    """Return the clinic, or None for one that the person has without the agency."""
    with tenancy.scope(organization_id):
        clinic = Organization.objects.get(pk=organization_id)
        if clinic.agency_id != agency.pk:
            return None
        counted = Membership.objects.filter(ended_at=None).aggregate(
            members=Count("id"),
            with_factor=Count("id", filter=Q(user__second_factor_since__isnull=False)),
        )
    return AgencyClinic(
        id=organization_id,
        name=clinic.name,
        hipaa_mode=clinic.hipaa_mode,
        **counted,
    )
