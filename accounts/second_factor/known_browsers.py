"""Browsers in which a person has shown their second factor.

Their wrong codes are counted apart from everybody else's, so that who guesses with a
stolen password does not lock the owner out of the own desk. A password alone makes no
browser known, and a new set of factors begins without any.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponseBase

from accounts.guessing.devices import find_device, remember_device
from accounts.models import User
from accounts.way_in import find_user


def find_browser(request: HttpRequest, user: User, *, now: datetime) -> str | None:
    """Return this browser's key, or None where the factor was never shown in it."""
    return find_device(request, person=_name_of(user), now=now)


def remember_browser(
    request: HttpRequest, response: HttpResponseBase, user: User, *, now: datetime
) -> None:
    """Know this browser from now on, for the person's passwords as for their codes."""
    fresh = find_user(user.pk)
    if fresh is not None:
        people = [fresh.email, _name_of(fresh)]
        remember_device(request, response, people=people, now=now)


def _name_of(user: User) -> str:
    return f"factor of {user.pk} since {user.second_factor_since}"
