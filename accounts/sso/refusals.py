"""The page that says no, and the row of the record that remembers it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.sso.errors import SsoRefusedError
from accounts.sso.record import note_refused
from accounts.sso.roads import Road, clinic_of


def refuse(
    request: HttpRequest, refusal: SsoRefusedError, road: Road | None
) -> HttpResponse:
    """Record the refusal, in its clinic where one is known, and say it."""
    if road is None:
        note_refused(refusal.about, organization_id=None, connection_id=None)
    else:
        with clinic_of(road):
            note_refused(
                refusal.about,
                organization_id=road.organization_id,
                connection_id=road.connection_id,
            )
    context = {"refusal": refusal}
    return render(request, "sso/refused.html", context, status=refusal.status)
