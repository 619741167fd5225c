"""Accounts elsewhere: connect an account elsewhere, after proving who you are here."""

from typing import Final, cast
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import public
from accounts.models import User
from accounts.second_factor.doors import factor_shown
from accounts.second_factor.proof import proved_at
from accounts.sso.errors import SsoConnectionNotFoundError
from accounts.sso.flow import CONNECTION, Flow, Purpose, intend
from accounts.sso.selectors.own_roads import list_own_roads
from accounts.sso.services.disconnect_identity import disconnect_identity
from sondervoice.kernel.clock import utc_now

_WRONG: Final = "The password is wrong. Nothing was connected."
_FACTOR: Final = "Show your second factor first. Nothing was connected."
_BY_DIRECTORY: Final = "Sign in with your password first. Nothing was connected."


@public("shows whoever is signed in by which accounts they come in")
@login_required
@require_GET
def list_own(request: HttpRequest) -> HttpResponse:
    """Show them."""
    return _draw(request)


@public("the password is asked for, and the second factor where there is one")
@login_required
@require_POST
def connect(request: HttpRequest, road: str) -> HttpResponse:
    """Set out to connect an account, once the person has proved themselves.

    Raises:
        SsoConnectionNotFoundError: If it is no road of theirs.
    """
    user = cast("User", request.user)
    if road not in {one.name for one in list_own_roads(user=user)}:
        raise SsoConnectionNotFoundError
    error = _missing_proof(request, user)
    if error:
        return _draw(request, error=error, tried=road)
    flow = Flow(
        road=road,
        purpose=Purpose.CONNECT,
        began_at=int(utc_now().timestamp()),
        person=str(user.pk),
    )
    intend(request, flow)
    return redirect("sso-begin", road=road)


@public("only one's own can be taken away")
@login_required
@factor_shown
@require_POST
def remove(request: HttpRequest, identity_id: UUID) -> HttpResponse:
    """Come in by this account no more.

    Raises:
        SsoIdentityNotFoundError: If it is none of theirs.
    """
    disconnect_identity(user=cast("User", request.user), identity_id=identity_id)
    messages.success(request, "You do not sign in by this account any more.")
    return redirect("sso-connections")


def _missing_proof(request: HttpRequest, user: User) -> str:
    """Return what is missing; a wrong password is counted as on the sign-in page."""
    if CONNECTION in request.session:
        return _BY_DIRECTORY
    if user.second_factor_since is not None and proved_at(request) is None:
        return _FACTOR
    password = request.POST.get("password", "")
    try:
        found = get_adapter(request).authenticate(
            request, email=user.email, password=password
        )
    except ValidationError:
        return "Too many tries. Wait a few minutes, then try again."
    return "" if found is not None and found.pk == user.pk else _WRONG


def _draw(request: HttpRequest, *, error: str = "", tried: str = "") -> HttpResponse:
    user = cast("User", request.user)
    context = {
        "roads": list_own_roads(user=user),
        "error": error,
        "tried": tried,
        "has_password": user.has_usable_password(),
    }
    status = 422 if error else 200
    return render(request, "sso/connections.html", context, status=status)
