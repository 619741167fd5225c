"""The cookie of a browser in which somebody has signed in before.

Such a browser has tries of its own, so that strangers who guess at an account shut out
nobody who works with it. It holds a random number and a mark for each person, signed:
no name, no address, and nothing that lets anybody in.

Source:
    OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

LASTS: Final = timedelta(days=180)
# At a desk that many share; a cookie has room for 4096 bytes.
PEOPLE_AT_MOST: Final = 20
_signer: Final = signing.Signer(salt="accounts.passwords.devices")


def device_cookie() -> str:
    """Return the cookie's name; the prefix binds it to the host, over TLS."""
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def find_device(request: HttpRequest, *, address: str, now: datetime) -> str | None:
    """Return this browser's key for the person, or None if it does not know them."""
    device = _read(request)
    mark = _mark_of(address)
    seen_at = device["people"].get(mark)
    if seen_at is None or seen_at <= (now - LASTS).timestamp():
        return None
    return f"{device['number']}:{mark}"


def remember_device(
    request: HttpRequest, response: HttpResponseBase, *, address: str, now: datetime
) -> None:
    """Let the browser know that this person has signed in."""
    device = _read(request)
    people = {**device["people"], _mark_of(address): int(now.timestamp())}
    newest = sorted(people, key=lambda mark: people[mark])[-PEOPLE_AT_MOST:]
    device["people"] = {mark: people[mark] for mark in newest}
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


def _mark_of(address: str) -> str:
    """Return what stands for a person: the same in each browser, nobody's elsewhere."""
    salt = "accounts.passwords.devices"
    return salted_hmac(salt, address.lower(), algorithm="sha256").hexdigest()[:22]
