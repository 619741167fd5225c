"""Half a sign-in: a password, or an account elsewhere, of who has a second factor too.

Nobody is signed in by it: the session before goes on, no page opens but those where the
factor is shown. It lies in Django's session, where only the server writes.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django_otp.models import Device

from accounts.models import User
from accounts.second_factor.proof import note_proof
from accounts.services.keep_session import ENDED
from accounts.way_in import find_user

LASTS: Final = timedelta(minutes=10)
_KEY: Final = "half_sign_in"
_BACKEND: Final = "accounts.backends.ScopedBackend"
_LATE: Final = "Sign in again: it took longer than ten minutes"
_CHANGED: Final = "Sign in again: your sessions were ended meanwhile"


def needs_factor(user: User) -> bool:
    """Return whether the person is signed in by their second factor alone."""
    return user.second_factor_since is not None


def begin_half(
    request: HttpRequest,
    user: User,
    *,
    now: datetime,
    carries: dict[str, Any] | None = None,
) -> None:
    """Keep who came, for the page of the second factor; the session's id changes.

    Whoever was signed in in this browser is signed out.

    Args:
        carries: What the session shall hold once the person is signed in.
    """
    if request.user.is_authenticated:
        logout(request)
    request.session.cycle_key()
    request.session[_KEY] = {
        "user_id": str(user.pk),
        "began_at": int(now.timestamp()),
        "state": _state_of(user),
        "carries": carries or {},
    }


def ask_for_factor(back: str) -> HttpResponseRedirect:
    """Send half a sign-in to where the factor is shown, and to `back` after it."""
    query = urlencode({"next": back})
    return redirect(f"{reverse('second-factor-verify')}?{query}")


def find_half(request: HttpRequest, *, now: datetime) -> User | None:
    """Return who is half signed in here, or None.

    Why it is over, if it was there, stands on the sign-in page then.
    """
    kept = request.session.get(_KEY)
    if kept is None:
        return None
    if now.timestamp() - kept["began_at"] >= LASTS.total_seconds():
        _over(request, _LATE)
        return None
    user = find_user(UUID(kept["user_id"]))
    if user is None or _state_of(user) != kept["state"]:
        _over(request, _CHANGED)
        return None
    return user


def forget_half(request: HttpRequest) -> None:
    """Drop it: the person wants to sign in as somebody else."""
    request.session.pop(_KEY, None)


def come_in(
    request: HttpRequest, user: User, device: Device, *, now: datetime
) -> User | None:
    """Keep that the factor was shown; half a sign-in becomes a whole one.

    Returns:
        The person, or None if their sessions were ended since: nobody is signed in.
    """
    if not request.user.is_authenticated:
        # Locked, so that what ends the person's sessions comes before this or after it.
        found = User.objects.select_for_update().filter(pk=user.pk, is_active=True)
        fresh = found.first()
        kept = request.session.pop(_KEY)
        if fresh is None or _state_of(fresh) != kept["state"]:
            _over(request, _CHANGED)
            return None
        login(request, fresh, backend=_BACKEND)
        request.session.update(kept["carries"])
        user = fresh
    note_proof(request, device, now=now)
    return user


def _over(request: HttpRequest, why: str) -> None:
    forget_half(request)
    request.session[ENDED] = {"title": why, "words": "Nothing is lost."}


def _state_of(user: User) -> str:
    """Return what ends half a sign-in by being changed: password, sessions, factors."""
    return f"{user.session_epoch} {user.get_session_auth_hash()}"
