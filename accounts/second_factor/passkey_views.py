"""What the script on our pages and a passkey say to each other, as JSON."""

import json
from typing import Any, Final, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from accounts.access import public
from accounts.models import User
from accounts.second_factor.doors import factor_asked, factor_fresh_if_any
from accounts.second_factor.errors import TooManyFactorsError
from accounts.second_factor.forms import NameForm
from accounts.second_factor.half_sign_in import come_in
from accounts.second_factor.known_browsers import remember_browser
from accounts.second_factor.mailbox import forget_mailbox
from accounts.second_factor.proof import note_proof
from accounts.second_factor.relying_party import RelyingParty, offers_passkeys
from accounts.second_factor.services.add_passkey import add_passkey
from accounts.second_factor.services.show_passkey import show_passkey
from accounts.services.keep_session import keep_session
from sondervoice.kernel.clock import utc_now

_ADDING: Final = "second_factor_adding"
_SHOWING: Final = "second_factor_showing"
_REFUSED: Final = "This passkey was not accepted. Nothing was changed. Try again."


@public("adds a passkey of whoever is signed in")
@login_required
@factor_fresh_if_any
@require_POST
def add_begin(request: HttpRequest) -> HttpResponse:
    """Return what a browser needs to make a passkey."""
    options, state = _party(request).register_begin(user=request.user)
    request.session[_ADDING] = state
    return JsonResponse(options)


@public("adds a passkey of whoever is signed in")
@login_required
@factor_fresh_if_any
@require_POST
def add_finish(request: HttpRequest) -> HttpResponse:
    """Add the passkey that the browser has made."""
    user, now = cast("User", request.user), utc_now()
    said, state = _read(request), request.session.pop(_ADDING, None)
    form = NameForm({"name": said.get("name") or "Passkey"})
    name = form.cleaned_data["name"] if form.is_valid() else "Passkey"
    try:
        added = add_passkey(
            user=user,
            party=_party(request),
            state=state,
            said=said.get("credential"),
            name=name,
            now=now,
        )
    except TooManyFactorsError as error:
        return JsonResponse({"detail": str(error)}, status=error.status)
    if added is None:
        return JsonResponse({"detail": _REFUSED}, status=422)
    keep_session(request, epoch=added[1])
    forget_mailbox(request)
    note_proof(request, added[0], now=now)
    response = JsonResponse({"done": True})
    remember_browser(request, response, user, now=now)
    return response


@public("who has a right password shows their own passkey")
@factor_asked
@require_POST
def show_begin(request: HttpRequest, user: User) -> HttpResponse:
    """Return what a browser needs to ask a passkey."""
    options, state = _party(request).authenticate_begin(
        user=user, require_user_verification=False
    )
    request.session[_SHOWING] = state
    return JsonResponse(options)


@public("who has a right password shows their own passkey")
@factor_asked
@require_POST
def show_finish(request: HttpRequest, user: User) -> HttpResponse:
    """Look at what the passkey answered, and sign in who was so by half."""
    now = utc_now()
    said, state = _read(request), request.session.pop(_SHOWING, None)
    passkey = show_passkey(
        user=user,
        party=_party(request),
        state=state,
        said=said.get("credential"),
        now=now,
    )
    if passkey is None:
        return JsonResponse({"detail": _REFUSED}, status=422)
    if come_in(request, user, passkey, now=now) is None:
        return JsonResponse({"detail": "Sign in again first."}, status=401)
    response = JsonResponse({"done": True})
    remember_browser(request, response, user, now=now)
    return response


def _party(request: HttpRequest) -> RelyingParty:
    """Return us, as passkeys know us.

    Raises:
        Http404: If browsers make no passkeys for our address.
    """
    if not offers_passkeys():
        raise Http404
    return RelyingParty(request=request)


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
