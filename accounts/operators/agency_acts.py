"""Agencies and their administrators: each change is asked for, and two stand for it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import PageRequest
from accounts.models import Agency, AgencyMembership
from accounts.operators.acts_of_two import ask, find_open_person
from accounts.operators.door import reading_for
from accounts.operators.errors import OperatorThingNotFoundError
from accounts.operators.forms import AdministratorForm, AgencyForm, ReasonForm
from accounts.operators.models import OperatorAct
from accounts.operators.reading import rows_of
from accounts.operators.services.ask_act import ActAsk
from accounts.operators.tokens import Purpose

AGENCY = "admin:accounts_agency_change"


@require_POST
def agency_make(request: PageRequest) -> HttpResponse:
    """Ask for an agency with its first administrator."""

    def wanted(said: dict[str, Any]) -> ActAsk | None:
        user_id = find_open_person(request, said["email"])
        if user_id is None:
            return None
        return ActAsk(
            kind=OperatorAct.Kind.AGENCY_MAKE,
            name=said["name"],
            user_id=user_id,
            reason=said["reason"],
        )

    form = AgencyForm(request.POST)
    return ask(request, form, wanted, back=reverse("admin:index"))


@require_POST
def agency_join(request: PageRequest, agency_id: UUID) -> HttpResponse:
    """Ask that a person administer an agency.

    Raises:
        OperatorThingNotFoundError: If there is no such agency.
    """

    def wanted(said: dict[str, Any]) -> ActAsk | None:
        with reading_for(request, Purpose.AGENCIES):
            if not rows_of(Agency).filter(pk=agency_id).exists():
                raise OperatorThingNotFoundError
        user_id = find_open_person(request, said["email"])
        if user_id is None:
            return None
        if _administers(request, agency_id, user_id):
            messages.error(request, "This person administers the agency already.")
            return None
        return ActAsk(
            kind=OperatorAct.Kind.AGENCY_JOIN,
            agency_id=agency_id,
            user_id=user_id,
            reason=said["reason"],
        )

    form = AdministratorForm(request.POST)
    return ask(request, form, wanted, back=reverse(AGENCY, args=[agency_id]))


@require_POST
def agency_leave(request: PageRequest, agency_id: UUID, user_id: UUID) -> HttpResponse:
    """Ask that a person administer an agency no longer.

    Raises:
        OperatorThingNotFoundError: If they do not.
    """

    def wanted(said: dict[str, Any]) -> ActAsk:
        if not _administers(request, agency_id, user_id):
            raise OperatorThingNotFoundError
        return ActAsk(
            kind=OperatorAct.Kind.AGENCY_LEAVE,
            agency_id=agency_id,
            user_id=user_id,
            reason=said["reason"],
        )

    form = ReasonForm(request.POST)
    return ask(request, form, wanted, back=reverse(AGENCY, args=[agency_id]))


def _administers(request: HttpRequest, agency_id: UUID, user_id: UUID) -> bool:
    with reading_for(request, Purpose.AGENCIES):
        own = rows_of(AgencyMembership).filter(agency_id=agency_id)
        return own.filter(user_id=user_id).exists()
