"""The cookie of a browser in which somebody has signed in before.

Such a browser has tries of its own, so that strangers who guess at an account shut out
nobody who works with it. It holds a random number and a mark for each person, signed:
no name, no address, and nothing that lets anybody in.

Source:
    OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

LASTS: Final = timedelta(days=180)
# Twenty people at a desk, each with a password and a factor; a cookie has room for 4096
# bytes.
MARKS_AT_MOST: Final = 40
_signer: Final = signing.Signer(salt="accounts.passwords.devices")


def device_cookie() -> str:
    """Return the cookie's name; the prefix binds it to the host, over TLS."""
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def find_device(request: HttpRequest, *, person: str, now: datetime) -> str | None:
    """Return this browser's key for the person, or None if it does not know them.

    Args:
        person: An e-mail address, for who has signed in here; for a second factor that
            was shown here, what `second_factor.known_browsers` calls it.
    """
    device = _read(request)
    mark = _mark_of(person)
    seen_at = device["people"].get(mark)
    if seen_at is None or seen_at <= (now - LASTS).timestamp():
        return None
    return f"{device['number']}:{mark}"


def remember_device(
    request: HttpRequest,
    response: HttpResponseBase,
    *,
    people: Iterable[str],
    now: datetime,
) -> None:
    """Let the browser know these people, by the names `find_device` takes."""
    device = _read(request)
    seen = {_mark_of(person): int(now.timestamp()) for person in people}
    marks = {**device["people"], **seen}
    newest = sorted(marks, key=lambda mark: marks[mark])[-MARKS_AT_MOST:]
    device["people"] = {mark: marks[mark] for mark in newest}
    response.set_cookie(
        device_cookie(),
        _signer.sign_object(device, compress=True),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        device = _signer.unsign_object(request.COOKIES.get(device_cookie(), ""))
    except signing.BadSignature:
        return {"number": secrets.token_urlsafe(16), "people": {}}
    return dict(device)


def _mark_of(person: str) -> str:
    """Return what stands for a person: the same in each browser, nobody's elsewhere."""
    salt = "accounts.passwords.devices"
    return salted_hmac(salt, person.lower(), algorithm="sha256").hexdigest()[:22]
