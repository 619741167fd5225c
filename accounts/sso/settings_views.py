"""Settings, Single sign-on: the clinic's directory, in steps."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PageRequest, page
from accounts.entitlements import Feature, plan_has
from accounts.limit_choices import may_narrow
from accounts.permissions import Permission
from accounts.roles.refusals import refusals_noted
from accounts.settings_pages import draw_settings
from accounts.sso.connection_form import ConnectionForm, begin_with
from accounts.sso.dns_proof import Proof, look_up
from accounts.sso.domain_names import record_name, record_value
from accounts.sso.errors import SsoConnectionNotFoundError, SsoDomainRefusedError
from accounts.sso.flow import Flow, Purpose, intend
from accounts.sso.models import SsoConnection, SsoDomain
from accounts.sso.presets import PRESETS
from accounts.sso.report import take_report
from accounts.sso.saml import answer_address, entity_id
from accounts.sso.selectors.connections import find_connection
from accounts.sso.selectors.lines import list_lines
from accounts.sso.selectors.set_up import get_set_up
from accounts.sso.services import switch_connection
from accounts.sso.services.manage_domains import (
    add_domain,
    get_domain,
    prove_domain,
    remove_domain,
)
from accounts.sso.services.set_up_connection import set_up_connection
from accounts.sso.set_up_page import note_entering, set_up_page
from accounts.sso.views import callback_address
from sondervoice.kernel.clock import utc_now

_HERE: Final = "sso-settings"
_SAID: Final = {
    Proof.THERE: "The record was found. The domain is proved.",
    Proof.MISSING: "The record was not found. New records can take an hour to appear.",
    Proof.NO_ANSWER: "The DNS did not answer. Try again in a minute.",
}
_SWITCHES: Final = {
    "on": (switch_connection.turn_on, "People can sign in through the directory now."),
    "off": (switch_connection.turn_off, "Nobody signs in through the directory now."),
    "enforce": (switch_connection.enforce, "The directory is the only way in now."),
    "relax": (switch_connection.relax, "Passwords count again."),
    "remove": (switch_connection.take_away, "The directory was taken away."),
}
_BEGIN_WITH_NONE: Final = (
    "A group with limits was taken out, so new groups begin with no calls. Choose "
    "theirs by Change calls."
)
# What hurts is asked for once more.
_ASKED: Final = frozenset({"off", "enforce", "remove"})


@page(Permission.SSO_MANAGE)
@require_GET
def overview(request: PageRequest) -> HttpResponse:
    """Show how far it is; without the plan, that it is not in the plan."""
    if not plan_has(request.organization.plan, Feature.SSO):
        return draw_settings(request, "sso/not_in_plan.html", {}, here=_HERE)
    note_entering(request)
    found = get_set_up()
    context = {
        "set_up": found,
        "connection": found.connection,
        "lines": list_lines(found.connection) if found.connection else [],
        "may_narrow": may_narrow(request.actor),
        "addresses": _addresses(found.connection),
        "domains": [_domain(one) for one in found.domains],
        "presets": PRESETS,
        "report": take_report(request),
    }
    return draw_settings(request, "sso/settings.html", context, here=_HERE)


@set_up_page
@require_http_methods(["GET", "POST"])
def edit(request: PageRequest) -> HttpResponse:
    """Say which directory the clinic has."""
    row = find_connection()
    form = _form(request, row)
    if request.method == "POST" and form.is_valid():
        with refusals_noted(
            request.actor,
            subject_kind="sso_connection",
            subject_id=row.id if row else None,
        ):
            saved = set_up_connection(
                actor=request.actor, wanted=form.wanted(), now=utc_now()
            )
        messages.success(request, "The directory was saved.")
        if row and saved.limits_by_group.keys() - row.limits_by_group.keys():
            messages.warning(request, _BEGIN_WITH_NONE)
        return redirect(_HERE)
    shown = str(form["preset"].value())
    preset = PRESETS.get(shown, PRESETS["other"])
    context = {
        "form": form,
        "preset": preset,
        "connection": row,
        "is_oidc": form["kind"].value() != SsoConnection.Kind.SAML,
        "addresses": _addresses(row),
    }
    status = 422 if form.errors else 200
    return draw_settings(request, "sso/edit.html", context, here=_HERE, status=status)


@set_up_page
@require_POST
def add(request: PageRequest) -> HttpResponse:
    """Name a domain as the clinic's."""
    written = request.POST.get("domain", "")
    try:
        add_domain(actor=request.actor, written=written, now=utc_now())
    except SsoDomainRefusedError as error:
        messages.error(request, str(error))
    return redirect(_HERE)


@set_up_page
@require_POST
def check(request: PageRequest, domain_id: UUID) -> HttpResponse:
    """Look up the proof of a domain now.

    The DNS is waited for within the request, for three seconds at most.

    Raises:
        SsoDomainNotFoundError: If the clinic has no such domain.
    """
    row = get_domain(domain_id=domain_id)
    found = look_up(row.domain, row.token)
    prove_domain(actor=request.actor, domain_id=row.id, found=found, now=utc_now())
    tell = messages.success if found is Proof.THERE else messages.warning
    tell(request, _SAID[found])
    return redirect(_HERE)


@set_up_page
@require_POST
def remove(request: PageRequest, domain_id: UUID) -> HttpResponse:
    """Give a domain up.

    Raises:
        SsoDomainNotFoundError: If the clinic has no such domain.
    """
    remove_domain(actor=request.actor, domain_id=domain_id)
    messages.success(request, "The domain was taken away.")
    return redirect(_HERE)


@set_up_page
@require_POST
def test(request: PageRequest) -> HttpResponse:
    """Go through the real sign-in, without signing anybody in."""
    row = _connection()
    flow = Flow(
        road=str(row.id),
        purpose=Purpose.TEST,
        began_at=int(utc_now().timestamp()),
        person=str(request.user.pk),
    )
    intend(request, flow)
    return redirect("sso-begin", road=str(row.id))


@set_up_page
@require_http_methods(["GET", "POST"])
def switch(request: PageRequest, act: str) -> HttpResponse:
    """Switch on or off, enforce, or take away; what hurts is asked for first.

    Raises:
        SsoConnectionNotFoundError: If there is no directory.
        SsoNotReadyError: If a step before is missing.
    """
    row = _connection()
    if request.method == "POST":
        do, said = _SWITCHES[act]
        do(actor=request.actor)
        messages.success(request, said)
        return redirect(_HERE)
    if act not in _ASKED:
        return redirect(_HERE)
    context = {"act": act, "connection": row}
    return draw_settings(request, "sso/confirm.html", context, here=_HERE)


def _connection() -> SsoConnection:
    row = find_connection()
    if row is None:
        raise SsoConnectionNotFoundError
    return row


def _form(request: HttpRequest, row: SsoConnection | None) -> ConnectionForm:
    has_secret = row is not None and row.sealed_secret is not None
    if request.method == "POST":
        return ConnectionForm(request.POST, has_secret=has_secret)
    preset = request.GET.get("preset", "other")
    begin = begin_with(
        row,
        preset=preset if preset in PRESETS else "other",
        kind=request.GET.get("kind", ""),
    )
    return ConnectionForm(initial=begin, has_secret=has_secret)


def _addresses(row: SsoConnection | None) -> dict[str, str]:
    """Return what the directory must know of us."""
    if row is None or row.kind == SsoConnection.Kind.OIDC:
        return {"redirect": callback_address()}
    return {"acs": answer_address(row), "entity": entity_id(row)}


def _domain(row: SsoDomain) -> dict[str, Any]:
    return {
        "id": row.id,
        "domain": row.domain,
        "is_proved": row.proved_at is not None,
        "is_missed": row.lost_at is not None,
        "checked_at": row.checked_at,
        "record": record_name(row.domain),
        "value": record_value(row.token),
    }
