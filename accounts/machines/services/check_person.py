"""Say who signs in by the API: address and password, and how often that is tried.

The one place where a token's password is checked.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from rest_framework.exceptions import Throttled

from accounts.machines.errors import SignInRefusedError
from accounts.machines.models import TokenFamily
from accounts.machines.services.count_hit import count_hit
from accounts.models import User
from accounts.way_in import signing_in


def check_person(
    *, request: HttpRequest, email: str, password: str, address: str, now: datetime
) -> User:
    """Return the person; a wrong pair is written down by `accounts.comings`.

    Raises:
        Throttled: After too many tries from the address, or for the person.
        SignInRefusedError: If the pair is wrong, or the person is not active.
    """
    _limit("token from", address, settings.TOKEN_TRIES_AN_ADDRESS, now)
    whose = _whose_tries(email.lower(), address)
    _limit("token of a person", whose, settings.TOKEN_TRIES_A_PERSON, now)
    user = authenticate(request, email=email, password=password)
    if not isinstance(user, User):
        raise SignInRefusedError
    return user


def _whose_tries(email: str, address: str) -> str:
    """Return under what name a try is counted.

    Where the person has signed in before is counted for itself, so that a stranger who
    guesses elsewhere does not lock them out.
    """
    with signing_in():
        is_known = TokenFamily.objects.filter(
            user__email=email, address=address
        ).exists()
    return f"{email}\n{address}" if is_known else email


def limit_refreshes(*, address: str, now: datetime) -> None:
    """Count one refresh or leave from this address.

    Raises:
        Throttled: If there were too many in this minute.
    """
    _limit("refresh from", address, settings.API_REQUESTS_AN_ADDRESS, now)


def _limit(kind: str, subject: str, at_most: int, now: datetime) -> None:
    hits = count_hit(kind=kind, subject=subject, now=now)
    if hits.count > at_most:
        raise Throttled(wait=hits.wait_s)
