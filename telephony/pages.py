"""Draws a page of the dashboard: what all pages share, in the clinic's time zone."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import PageRequest
from accounts.permissions import Permission
from telephony.models import PhoneNumber
from telephony.selectors.calls import count_new_messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Chrome:
    """What stands around every page."""

    clinic: str
    zone_name: str
    person: str
    first_name: str
    is_answering: bool
    sees_messages: bool
    new_messages: int
    has_other_clinics: bool


def draw(
    request: PageRequest, template: str, context: dict[str, Any], *, here: str
) -> HttpResponse:
    """Return the page.

    Args:
        request: From somebody of a clinic.
        template: Its name.
        context: Rows already shaped; the template asks the database nothing.
        here: The place in the navigation.
    """
    with timezone.override(zone_of(request)):
        around = {"chrome": _chrome(request), "here": here}
        return render(request, template, around | context)


def zone_of(request: PageRequest) -> ZoneInfo:
    """Return the clinic's time zone."""
    return ZoneInfo(request.organization.timezone)


def _chrome(request: PageRequest) -> Chrome:
    actor, person = request.actor, request.user
    sees_messages = actor.may(Permission.MESSAGES_VIEW)
    name = person.full_name or person.email
    return Chrome(
        clinic=request.organization.name,
        zone_name=request.organization.timezone.rpartition("/")[2].replace("_", " "),
        person=name,
        first_name=name.partition(" ")[0].partition("@")[0],
        is_answering=PhoneNumber.objects.filter(
            agent_version__agent__is_answering=True
        ).exists(),
        sees_messages=sees_messages,
        new_messages=count_new_messages(actor=actor) if sees_messages else 0,
        has_other_clinics=request.clinic_count > 1,
    )
