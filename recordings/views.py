"""The page of one call, and its sound."""

from typing import Final, cast, get_args
from uuid import UUID

from django.http import (
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.utils.timezone import override
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.access import PageRequest, page
from accounts.dashboard import draw, zone_of
from accounts.permissions import Permission
from accounts.second_factor.errors import SecondFactorStaleError
from compliance.keys.call_sealer import sealer_for_call
from compliance.keys.store import KeyGoneError
from recordings.byte_range import ByteRange, RangeBeyondEndError, read_range
from recordings.errors import RecordingNotFoundError
from recordings.selectors.call_sheet import read_call_sheet
from recordings.selectors.evidence import list_looks
from recordings.selectors.results import read_results
from recordings.selectors.sound import get_playable
from recordings.services.grant_playback import check_grant, grant_playback
from recordings.services.note_reading import note_reading
from recordings.sound import Track, WavView
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.streams import for_server
from telephony.models import Reveal
from telephony.selectors.calls import get_call
from telephony.selectors.sight import read_sight

TRACKS: Final = get_args(Track)


@page(Permission.CALLS_VIEW)
@require_GET
def call_detail(request: PageRequest, call_id: UUID) -> HttpResponse:
    """Show one call: sound, words, receipt, latency and evidence."""
    call = get_call(actor=request.actor, call_id=call_id)
    now = utc_now()
    sight = read_sight(actor=request.actor, now=now)
    with override(zone_of(request)):
        sheet = read_call_sheet(actor=request.actor, call=call, now=now, sight=sight)
    context = {
        "sheet": sheet,
        "call": call,
        "now": now,
        "results": read_results(actor=request.actor, call=call, sight=sight),
        "may_handle": request.actor.may(Permission.MESSAGES_HANDLE),
        "may_delete": request.actor.may(Permission.CALLS_DELETE),
        "looks": list_looks(actor=request.actor, call=call),
        "may_see_record": request.actor.may(Permission.ACCESS_VIEW),
        "reasons": Reveal.Reason.choices,
        "may_reveal": sight.may_reveal
        and sheet.caller.is_masked
        and not sheet.is_restricted,
        "shown_until": sight.revealed.get(call.id),
    }
    note_reading(actor=request.actor, call=call, lines=len(sheet.story))
    return draw(request, "recordings/call_detail.html", context, here="calls")


@page(Permission.CALLS_LISTEN)
@require_POST
def play(request: PageRequest, call_id: UUID) -> HttpResponse:
    """Grant one play: the body says what to send with each request for sound.

    The player is told when a second factor must be shown again, so that it can say so.
    """
    try:
        grant = grant_playback(actor=request.actor, call_id=call_id, now=utc_now())
    except SecondFactorStaleError as error:
        problem = {"code": error.code, "detail": str(error)}
        return JsonResponse(problem, status=error.status)
    return JsonResponse({"grant": grant.token, "seconds": grant.seconds})


@page(Permission.CALLS_LISTEN)
@require_safe
def audio(request: PageRequest, call_id: UUID) -> HttpResponseBase:
    """Send the sound, or the bytes of it that were asked for.

    Raises:
        PlaybackRefusedError: If the grant does not let this request pass.
        RecordingNotFoundError: If there is nothing to play.
    """
    recording = get_playable(actor=request.actor, call_id=call_id)
    check_grant(request.GET.get("grant", ""), actor=request.actor, call_id=call_id)
    track = request.GET.get("track", "both")
    if track not in TRACKS:
        raise RecordingNotFoundError
    try:
        sealer = sealer_for_call(
            organization_id=recording.organization_id, call_id=call_id
        )
    except KeyGoneError:
        raise RecordingNotFoundError from None
    sound = WavView(recording, sealer, cast("Track", track))
    return _answer(request, sound)


def _answer(request: PageRequest, sound: WavView) -> HttpResponseBase:
    size = sound.size_bytes
    # We name no version of the sound, so a range under a condition gets it all.
    header = "" if "If-Range" in request.headers else request.headers.get("Range", "")
    try:
        part = read_range(header, size=size)
    except RangeBeyondEndError:
        return HttpResponse(
            status=416,
            headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
        )
    sent = part or ByteRange(0, size - 1)
    pieces = iter(()) if request.method == "HEAD" else sound.read(sent.first, sent.last)
    response = StreamingHttpResponse(
        for_server(request, pieces),
        status=206 if part else 200,
        content_type="audio/wav",
        headers={"Accept-Ranges": "bytes", "Content-Length": str(sent.length)},
    )
    if part:
        response.headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    return response
