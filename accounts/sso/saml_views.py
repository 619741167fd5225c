"""The roads of SAML: the answer, the browser that fetches it, and our metadata."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from accounts.access import public
from accounts.sso.arrivals import arrive
from accounts.sso.errors import SsoConnectionNotFoundError, SsoRefusedError
from accounts.sso.flow import Purpose, take_back
from accounts.sso.models import SsoConnection
from accounts.sso.refusals import refuse
from accounts.sso.roads import Road, clinic_of, get_road
from accounts.sso.saml import metadata
from accounts.sso.services.ask_saml import fetch_answer, keep_answer
from accounts.sso.views import go_on
from sondervoice.kernel.clock import utc_now


@public("the directory's answer comes here, signed by it")
@csrf_exempt
@require_POST
def acs(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Keep the answer and let the browser fetch it with its own cookie.

    The form comes from another site, so it brings none.

    Raises:
        SsoConnectionNotFoundError: If there is no such connection.
    """
    now = utc_now()
    road, connection = _saml(connection_id)
    try:
        with clinic_of(road):
            keep_answer(
                connection=connection,
                written=request.POST.get("SAMLResponse", ""),
                now=now,
            )
    except SsoRefusedError as refusal:
        return refuse(request, refusal, road, now=now)
    answer = redirect("sso-saml-finish")
    answer.status_code = 303
    return answer


@public("the browser that asked a directory comes back here")
@require_GET
def finish(request: HttpRequest) -> HttpResponse:
    """Fetch the answer to this browser's question, and let the person in."""
    now = utc_now()
    road: Road | None = None
    try:
        flow = take_back(request, now_s=int(now.timestamp()))
        road = get_road(flow.road, is_test=flow.purpose == Purpose.TEST)
        if road.connection is None or not flow.request:
            raise SsoRefusedError("state")  # noqa: TRY301 -- one road to `refuse`
        with clinic_of(road):
            claims = fetch_answer(
                connection=road.connection, request_hex=flow.request, now=now
            )
        arrive(request, road, flow, claims, now=now)
    except SsoRefusedError as refusal:
        return refuse(request, refusal, road, now=now)
    return go_on(request, flow)


@public("says who we are; a directory reads it")
@require_GET
def describe(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Show our metadata for this connection.

    Raises:
        SsoConnectionNotFoundError: If there is no such connection.
    """
    _, connection = _saml(connection_id)
    return HttpResponse(
        metadata(connection), content_type="application/samlmetadata+xml"
    )


def _saml(connection_id: UUID) -> tuple[Road, SsoConnection]:
    # A test's answer comes here too, before the connection is on.
    road = get_road(connection_id.hex, is_test=True)
    if road.connection is None or road.connection.kind != SsoConnection.Kind.SAML:
        raise SsoConnectionNotFoundError
    return road, road.connection
