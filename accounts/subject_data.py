"""What accounts hands out of a clinic's own data: its people and its settings."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Membership, Organization
from sondervoice.kernel.personal_data import OfCaller
from sondervoice.kernel.subject_data import SubjectItem, Wanted
from sondervoice.kernel.subject_pages import in_pages

_TEXT: Final = {"type": "string"}
_WHEN: Final = {"type": ["string", "null"], "format": "date-time"}


class Members:
    """Who belongs, or belonged, to the clinic."""

    name = "members"
    title = "Members"
    is_of_callers = False
    processors: tuple[str, ...] = ()
    schema: Mapping[str, Mapping[str, Any]] = {
        "email": _TEXT,
        "full_name": _TEXT,
        "role": _TEXT,
        "joined_at": _WHEN,
        "ended_at": _WHEN,
    }

    def count(self, wanted: Wanted) -> int:
        """Return how many there are; none is a caller's."""
        return _members(wanted).count()

    def export(self, wanted: Wanted, *, organization_id: UUID) -> Iterator[SubjectItem]:
        """Yield them."""
        return in_pages(
            lambda: _members(wanted).select_related("user", "custom_role"),
            _member,
            organization_id=organization_id,
        )


def _members(wanted: Wanted) -> QuerySet[Membership]:
    rows = Membership.objects.all()
    return rows.none() if isinstance(wanted, OfCaller) else rows


def _member(one: Membership) -> SubjectItem:
    return SubjectItem(
        id=one.id,
        title=one.user.full_name or one.user.email,
        values={
            "email": one.user.email,
            "full_name": one.user.full_name,
            "role": one.custom_role.name if one.custom_role else one.role,
            "joined_at": one.created_at.isoformat(),
            "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        },
    )


class Settings:
    """The clinic itself, one row."""

    name = "settings"
    title = "Settings"
    is_of_callers = False
    processors: tuple[str, ...] = ()
    schema: Mapping[str, Mapping[str, Any]] = {
        "name": _TEXT,
        "timezone": _TEXT,
        "country": _TEXT,
        "jurisdiction": _TEXT,
        "region": _TEXT,
        "hipaa_mode": {"type": "boolean"},
        "plan": _TEXT,
        "idle_minutes": {"type": "integer"},
        "session_hours": {"type": "integer"},
        "access_token_minutes": {"type": "integer"},
        "opened_at": _WHEN,
    }

    def count(self, wanted: Wanted) -> int:
        """Return 1; it is no caller's."""
        return _clinics(wanted).count()

    def export(self, wanted: Wanted, *, organization_id: UUID) -> Iterator[SubjectItem]:
        """Yield it."""
        return in_pages(
            lambda: _clinics(wanted).filter(pk=organization_id),
            _clinic,
            organization_id=organization_id,
        )


def _clinics(wanted: Wanted) -> QuerySet[Organization]:
    rows = Organization.objects.all()
    return rows.none() if isinstance(wanted, OfCaller) else rows


def _clinic(one: Organization) -> SubjectItem:
    names = tuple(name for name in Settings.schema if name != "opened_at")
    values = {name: getattr(one, name) for name in names}
    return SubjectItem(
        id=one.id,
        title=one.name,
        values={**values, "opened_at": one.created_at.isoformat()},
    )
