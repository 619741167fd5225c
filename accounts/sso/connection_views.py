"""Accounts elsewhere: connect an account elsewhere, after proving who you are here."""

from typing import Any, Final, cast
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from accounts.access import public
from accounts.models import User
from accounts.second_factor.doors import (
    factor_fresh,
    factor_fresh_if_any,
    factor_fresh_to_look,
)
from accounts.services.keep_session import keep_session
from accounts.sso.errors import SsoConnectionNotFoundError, SsoNotReadyError
from accounts.sso.flow import CONNECTION, Flow, Purpose, intend
from accounts.sso.selectors.own_roads import list_own_roads
from accounts.sso.services.disconnect_identity import disconnect_identity
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now

_WRONG: Final = "The password is wrong. Nothing was connected."
_BY_DIRECTORY: Final = "Sign in with your password first. Nothing was connected."


@public("shows whoever is signed in by which accounts they come in")
@login_required
@factor_fresh_to_look
@require_GET
def list_own(request: HttpRequest) -> HttpResponse:
    """Show them."""
    return _draw(request)


@public("the password is asked for, and the second factor where there is one")
@login_required
@sensitive_post_parameters()
@require_POST
def connect(request: HttpRequest, road: str) -> HttpResponseBase:
    """Set out to connect an account, once the person has proved themselves.

    A session that its clinic's directory holds connects that directory and nothing
    else. The password is hashed outside of any transaction.

    Raises:
        SsoConnectionNotFoundError: If it is no road of theirs.
        PasswordsBusyError: If the password could not be hashed in time.
    """
    user = cast("User", request.user)
    with signing_in():
        stopped = _stop(request, user, road)
    if stopped is not None:
        return stopped
    error = _missing_proof(request, user)
    if error:
        with signing_in():
            return _draw(request, {"error": error, "tried": road}, status=422)
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
@factor_fresh
@require_POST
def remove(request: HttpRequest, identity_id: UUID) -> HttpResponse:
    """Come in by this account no more; other sessions end.

    Raises:
        SsoIdentityNotFoundError: If it is none of theirs.
        SsoElsewhereError: If the session does not count in the directory's clinic.
    """
    try:
        number = disconnect_identity(
            user=cast("User", request.user),
            identity_id=identity_id,
            came_by=request.session.get(CONNECTION),
        )
    except SsoNotReadyError as refusal:
        return _draw(request, {"refusal": refusal}, status=refusal.status)
    keep_session(request, epoch=number)
    messages.success(request, "You do not sign in by this account any more.")
    return redirect("sso-connections")


def _stop(request: HttpRequest, user: User, road: str) -> HttpResponseBase | None:
    """Return where a session is sent that may not connect this account."""
    found = next((one for one in list_own_roads(user=user) if one.name == road), None)
    if found is None:
        raise SsoConnectionNotFoundError
    held_by: UUID | None = request.held_by  # type: ignore[attr-defined]
    if held_by is not None and found.organization_id != held_by:
        return redirect("sso-wanted")
    # Who is held sets up no factor before the directory has let them in.
    door = factor_fresh if held_by is None else factor_fresh_if_any
    passed = HttpResponse()
    answer = door(lambda _: passed)(request)
    return None if answer is passed else answer


def _missing_proof(request: HttpRequest, user: User) -> str:
    """Return what is missing; a wrong password is counted as on the sign-in page."""
    if CONNECTION in request.session:
        return _BY_DIRECTORY
    password = request.POST.get("password", "")
    try:
        found = get_adapter(request).authenticate(
            request, email=user.email, password=password
        )
    except ValidationError:
        return "Too many tries. Wait a few minutes, then try again."
    return "" if found is not None and found.pk == user.pk else _WRONG


def _draw(
    request: HttpRequest, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    user = cast("User", request.user)
    roads = list_own_roads(user=user)
    shown = {
        "roads": roads,
        "connected_count": sum(one.identity_id is not None for one in roads),
        "has_password": user.has_usable_password(),
    }
    return render(
        request, "sso/connections.html", shown | (context or {}), status=status
    )
