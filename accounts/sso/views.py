"""The roads in: to a provider, and back from it.

These pages stand outside `/accounts/`, whose requests are one transaction each: here
another server is waited for, and no transaction stays open meanwhile.
"""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import public
from accounts.guessing.limits import SSO_CLIENT
from accounts.guessing.services.take_try import take_try
from accounts.passwords.sign_in_tries import client_key
from accounts.second_factor.half_sign_in import ask_for_factor
from accounts.sso import oidc, saml
from accounts.sso.arrivals import arrive
from accounts.sso.errors import SsoRefusedError
from accounts.sso.flow import (
    Flow,
    Purpose,
    is_asked_for,
    keep,
    set_out,
    take_back,
)
from accounts.sso.forms import AddressForm
from accounts.sso.oidc import read_answer
from accounts.sso.refusals import refuse
from accounts.sso.roads import Road, clinic_of, get_road
from accounts.sso.services.ask_saml import begin_request
from accounts.sso.way_in import find_connection_for_domain
from accounts.way_back import way_back
from sondervoice.kernel.clock import utc_now

_NOBODY = "No clinic here signs in by this address. Use your password."


@public("people come in here by their clinic's directory")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for an address and go on to the directory of its domain.

    Only the domain is looked up: of a person nothing is known here yet, so a known and
    an unknown one get the same answer.
    """
    back = way_back(request.POST.get("next") or request.GET.get("next"))
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = find_connection_for_domain(form.domain())
        if found is not None:
            return _set_out(request, str(found), back)
        form.add_error("email", _NOBODY)
    context = {"form": form, "next": back}
    return render(request, "sso/sign_in.html", context)


@public("whoever goes there must prove themselves to the provider")
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, road: str) -> HttpResponse:
    """Send the browser to the provider, by a page that says where it goes.

    A link from another site (a clinic's tile in Okta) leads to a page with one button:
    nobody is signed in by a link that somebody else has written. A form of ours that
    asked for this road needs no second click.

    Raises:
        SsoConnectionNotFoundError: If there is no such road, or it is closed.
        SsoNotInPlanError: If the clinic's plan has none of this.
        TooManyTriesError: If too many set out from one place in this minute.
    """
    said = request.POST if request.method == "POST" else request.GET
    back = way_back(said.get("next"))
    now_s = int(utc_now().timestamp())
    if request.method == "POST" or is_asked_for(request, road, now_s=now_s):
        return _set_out(request, road, back)
    taken = get_road(road)
    context = {"word": taken.word, "road": road, "next": back}
    return render(request, "sso/begin.html", context)


def _set_out(request: HttpRequest, road: str, back: str) -> HttpResponse:
    now = utc_now()
    take_try(limit=SSO_CLIENT, key=client_key(request), now=now)
    flow = set_out(request, road, now_s=int(now.timestamp()), back=back)
    taken: Road | None = None
    try:
        taken = get_road(road, is_test=flow.purpose == Purpose.TEST)
        address = _address(request, taken, flow, now=now)
    except SsoRefusedError as refusal:
        return refuse(request, refusal, taken, now=now)
    # A page of its own: a form's policy does not let it end at another site.
    answer = render(request, "sso/leaving.html", {"word": taken.word, "to": address})
    answer.headers["Refresh"] = f"0; url={address}"
    return answer


@public("the provider sends the browser back here; its answer is checked")
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Read what the provider says, and let the person in."""
    now = utc_now()
    road: Road | None = None
    try:
        flow = take_back(request, now_s=int(now.timestamp()))
        road = get_road(flow.road, is_test=flow.purpose == Purpose.TEST)
        if road.provider is None:
            raise SsoRefusedError("state")  # noqa: TRY301 -- one road to `refuse`
        claims = read_answer(
            road.provider, flow, request.GET.dict(), redirect_uri=callback_address()
        )
        arrive(request, road, flow, claims, now=now)
    except SsoRefusedError as refusal:
        return refuse(request, refusal, road, now=now)
    return go_on(request, flow)


def callback_address() -> str:
    """Return where providers send the browser back to."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('sso-callback')}"


def go_on(request: HttpRequest, flow: Flow) -> HttpResponseRedirect:
    """Go where the person wanted to go, or to where the try was asked for.

    Who has a second factor to show does so on the way.
    """
    if flow.purpose == Purpose.TEST:
        return redirect("sso-settings")
    if flow.purpose == Purpose.CONNECT:
        return redirect("sso-connections")
    back = flow.back or settings.LOGIN_REDIRECT_URL
    return redirect(back) if request.user.is_authenticated else ask_for_factor(back)


def _address(request: HttpRequest, road: Road, flow: Flow, *, now: datetime) -> str:
    """Return where to send the browser; for SAML the question is kept first."""
    if road.provider is not None:
        return oidc.address_to_ask(road.provider, flow, redirect_uri=callback_address())
    assert road.connection is not None  # noqa: S101 -- only a clinic's speaks SAML
    with clinic_of(road):
        asked = begin_request(connection=road.connection, now=now)
    keep(request, replace(flow, request=asked.id.hex))
    return saml.address_to_ask(road.connection, asked, now=now)
