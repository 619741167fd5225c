"""Say who signs in by the API: address and password, and how often that is tried.

The one place where a token's password is checked; wrong ones count where those of the
sign-in page do, in `accounts.backends`.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from rest_framework.exceptions import Throttled

from accounts.client_address import network_of
from accounts.machines.errors import SignInRefusedError
from accounts.machines.services.count_hit import count_hit
from accounts.models import User


def check_person(
    *, request: HttpRequest, email: str, password: str, address: str, now: datetime
) -> User:
    """Return the person; a wrong pair is written down by `accounts.comings`.

    Raises:
        Throttled: After too many tries from the address in this minute.
        TooManyTriesError: If the person or the address has no tries left.
        PasswordsBusyError: If the password could not be checked in time.
        SignInRefusedError: If the pair is wrong, or the person is not active.
    """
    _limit("token from", network_of(address), settings.TOKEN_TRIES_AN_ADDRESS, now)
    user = authenticate(request, email=email, password=password)
    if not isinstance(user, User):
        raise SignInRefusedError
    return user


def limit_refreshes(*, address: str, now: datetime) -> None:
    """Count one refresh or leave from this address.

    Raises:
        Throttled: If there were too many in this minute.
    """
    _limit("refresh from", network_of(address), settings.API_REQUESTS_AN_ADDRESS, now)


def _limit(kind: str, subject: str, at_most: int, now: datetime) -> None:
    hits = count_hit(kind=kind, subject=subject, now=now)
    if hits.count > at_most:
        raise Throttled(wait=hits.wait_s)
