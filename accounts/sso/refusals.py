"""The page that says no, and the row of the record that remembers it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.guessing.errors import TooManyTriesError
from accounts.guessing.limits import SSO_REFUSAL
from accounts.guessing.services.take_try import take_try
from accounts.passwords.sign_in_tries import client_key
from accounts.sso.errors import SsoRefusedError
from accounts.sso.record import note_refused
from accounts.sso.roads import Road, clinic_of


def refuse(
    request: HttpRequest, refusal: SsoRefusedError, road: Road | None, *, now: datetime
) -> HttpResponse:
    """Record the refusal, in its clinic where one is known, and say it."""
    if _is_first(request, refusal, road, now):
        _note(refusal, road)
    context = {"refusal": refusal}
    return render(request, "sso/refused.html", context, status=refusal.status)


def _is_first(
    request: HttpRequest, refusal: SsoRefusedError, road: Road | None, now: datetime
) -> bool:
    """Return whether it is the first for this reason in a minute.

    Of the connection, whoever sends it, else of the client: who sends junk must not
    fill the record.
    """
    connection_id = None if road is None else road.connection_id
    key = f"{connection_id or client_key(request)} {refusal.about}"
    try:
        take_try(limit=SSO_REFUSAL, key=key, now=now)
    except TooManyTriesError:
        return False
    return True


def _note(refusal: SsoRefusedError, road: Road | None) -> None:
    if road is None:
        note_refused(refusal.about, organization_id=None, connection_id=None)
        return
    with clinic_of(road):
        note_refused(
            refusal.about,
            organization_id=road.organization_id,
            connection_id=road.connection_id,
        )
