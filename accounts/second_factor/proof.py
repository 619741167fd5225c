"""What a session keeps of a second factor that was shown."""

from datetime import UTC, datetime
from typing import Any, Final

import django_otp
from django.http import HttpRequest
from django_otp.models import Device

_AT: Final = "second_factor_at"
_VOUCHED_AT: Final = "second_factor_vouched_at"


def note_proof(request: HttpRequest, device: Device | None, *, now: datetime) -> None:
    """Keep in the session that this device of the signed-in person was shown.

    The session's id changes: one that was known before the second factor is worth
    nothing after it.

    Args:
        device: None for the demo's link alone, which has none.
    """
    request.session.cycle_key()
    if device is not None:
        django_otp.login(request, device)
    request.session[_AT] = int(now.timestamp())


def proved_at(request: HttpRequest) -> datetime | None:
    """Return when a second factor was last shown in this session, UTC, or None."""
    seconds = request.session.get(_AT)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def note_vouching(request: HttpRequest, *, now: datetime) -> None:
    """Keep in the session that a clinic's directory says a second factor was shown.

    Its word counts in its clinic and shows what is the person's own; it changes nothing
    about how they sign in, and makes nobody an operator.
    """
    request.session.cycle_key()
    request.session[_VOUCHED_AT] = int(now.timestamp())


def vouched_at(request: HttpRequest) -> datetime | None:
    """Return when a second factor was last shown here or vouched for, or None."""
    seconds = request.session.get(_VOUCHED_AT)
    if seconds is None:
        return proved_at(request)
    return proved_at(request) or datetime.fromtimestamp(seconds, UTC)


def forget_at_sign_in(sender: Any, *, request: HttpRequest, **_: Any) -> None:
    """Ask anew after each password: the session may be an older one that goes on."""
    forget_proof(request)


def forget_proof(request: HttpRequest) -> None:
    """Keep nothing of a factor that is no more."""
    request.session.pop(_AT, None)
    request.session.pop(_VOUCHED_AT, None)
    request.session.pop(django_otp.DEVICE_ID_SESSION_KEY, None)
