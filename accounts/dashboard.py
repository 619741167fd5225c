"""Draws a page of the dashboard: what all pages share, in the clinic's time zone.

The apps above put their part around the pages by `around`: accounts knows no calls.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import PageRequest
from accounts.actors import Actor
from accounts.permissions import Permission, Role

Around = Callable[[Actor], dict[str, Any]]
_around: dict[str, Around] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chrome:
    """What stands around every page."""

    clinic: str
    zone_name: str
    person: str
    first_name: str
    sees_calls: bool
    sees_messages: bool
    sees_diary: bool
    has_settings: bool
    has_other_clinics: bool


def around(name: str, read: Around) -> None:
    """Put what `read` returns around every page, as ``{{ name.… }}``."""
    _around[name] = read


def draw(
    request: PageRequest,
    template: str,
    context: dict[str, Any],
    *,
    here: str,
    status: int = 200,
) -> HttpResponse:
    """Return the page.

    Args:
        request: From somebody of a clinic.
        template: Its name.
        context: Rows already shaped; the template asks the database nothing.
        here: The place in the navigation.
        status: Of the answer.
    """
    with timezone.override(zone_of(request)):
        shared = {"chrome": _chrome(request), "here": here}
        parts = {name: read(request.actor) for name, read in _around.items()}
        return render(request, template, shared | parts | context, status=status)


def zone_of(request: PageRequest) -> ZoneInfo:
    """Return the clinic's time zone."""
    return ZoneInfo(request.organization.timezone)


def _chrome(request: PageRequest) -> Chrome:
    actor, person = request.actor, request.user
    name = person.full_name or person.email
    is_from_outside = actor.role in {Role.AGENCY_ADMINISTRATOR, Role.SYSTEM_OPERATOR}
    return Chrome(
        clinic=request.organization.name,
        zone_name=request.organization.timezone.rpartition("/")[2].replace("_", " "),
        person=name,
        first_name=name.partition(" ")[0].partition("@")[0],
        sees_calls=actor.may(Permission.CALLS_VIEW),
        sees_messages=actor.may(Permission.MESSAGES_VIEW),
        sees_diary=actor.may(Permission.APPOINTMENTS_VIEW),
        has_settings=actor.may(Permission.MEMBERS_VIEW),
        has_other_clinics=request.clinic_count > 1 or is_from_outside,
    )
