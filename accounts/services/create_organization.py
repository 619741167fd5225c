"""Make a clinic: a name, a place, and nobody in it yet."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.errors import RegionNotServedError
from accounts.models import Organization
from sondervoice.kernel import audit, tenancy

_SLUG_CHARACTERS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicDetails:
    """What a clinic is called and where it is; as the columns of `Organization`."""

    name: str
    timezone: str
    country: str
    jurisdiction: str
    region: str


@transaction.atomic
def create_organization(
    *,
    details: ClinicDetails,
    by_user_id: UUID,
    now: datetime,
    agency_id: UUID | None = None,
) -> Organization:
    """Make the clinic and return it; members come by services of their own.

    Args:
        by_user_id: Who makes it, for the record.
        agency_id: The firm that looks after it, if one does.

    Raises:
        RegionNotServedError: If nothing can be stored in its region here.
    """
    _require_served(details.region)
    organization = Organization(
        name=details.name,
        timezone=details.timezone,
        country=details.country,
        jurisdiction=details.jurisdiction,
        region=details.region,
        agency_id=agency_id,
        created_at=now,
    )
    with tenancy.scope(organization.id):
        _save_under_free_slug(organization)
        audit.record(
            audit.Entry(
                action="accounts.organization.created",
                organization_id=organization.id,
                actor_kind="user",
                actor_id=by_user_id,
                subject_kind="organization",
                subject_id=organization.id,
                facts={"has_agency": agency_id is not None},
            )
        )
    return organization


def _require_served(region: str) -> None:
    if region not in settings.DATA_REGIONS:
        raise RegionNotServedError


def _save_under_free_slug(organization: Organization) -> None:
    """Save it; others' rows cannot be seen, so a name is tried, not asked for."""
    slug = slugify(organization.name)[:_SLUG_CHARACTERS].strip("-") or "clinic"
    for ending in ("", f"-{secrets.token_hex(2)}", f"-{secrets.token_hex(4)}"):
        organization.slug = f"{slug}{ending}"
        try:
            with transaction.atomic():
                organization.save(force_insert=True)
        except IntegrityError:
            continue
        return
    raise IntegrityError("no free slug")
