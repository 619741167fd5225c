"""Move a call's sound from the spool to storage, once the call has ended.

It may run twice, or be killed between any two lines: the spool goes last.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from compliance.keys.call_sealer import CallSealer, sealer_for_call
from recordings.models import Recording
from recordings.object_file import seal_pieces
from recordings.objects.places import delete_everywhere, objects_at, place_for
from recordings.peaks import Peaks
from recordings.services.bring_back import bring_back
from recordings.spool import (
    PIECE_MS,
    TICK_BYTES,
    TICK_MS,
    Piece,
    Spool,
    SpoolLateError,
    spool_path,
)
from recordings.storage_names import object_name
from sondervoice.kernel import audit, tenancy
from telephony.models import Call

# A line sees its sound written within ten seconds, or goes on trying.
LINE_WRITES_WITHIN: Final = timedelta(seconds=60)
_TICKS: Final = PIECE_MS // TICK_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Put:
    """An object that stands in its storage, and the picture of its sound."""

    place: str
    name: str
    size_bytes: int
    peaks: Peaks


def store_recording(*, organization_id: UUID, call_id: UUID, now: datetime) -> None:
    """Store what was kept of the call's sound; nothing kept leaves no recording.

    Raises:
        SpoolBusyError: If the call's line still writes; the job is tried again.
        SpoolLateError: If it may be about to write for the first time; likewise.
        RegionNotServedError: If there are buckets, and none in the clinic's region.
        VendorError: If the storage does not take it. The spool stays until it does.
    """
    path = spool_path(Path(settings.SPOOL_DIR), organization_id, call_id)
    with tenancy.scope(organization_id):
        call = Call.with_deleted.select_related("organization").get(pk=call_id)
        stored = Recording.with_deleted.filter(call=call, status="stored").first()
    if call.audio_erased_at is not None:
        _drop(path, call)
        return
    sealer = sealer_for_call(organization_id=organization_id, call_id=call_id)
    spool = Spool(path, sealer)
    if not path.exists():
        if stored is None and _may_still_come(call, now):
            raise SpoolLateError
        return
    if not _may_keep(call):
        spool.remove()
        return
    spool.hold()
    try:
        if stored is not None:
            bring_back(stored, spool, sealer)
        put = _put(spool, sealer, place_for(call.organization.region))
        with tenancy.scope(organization_id):
            is_kept = _note(call, put, now=now)
        if is_kept:
            spool.remove()
        else:
            _drop(path, call)
    finally:
        spool.release()


def _drop(path: Path, call: Call) -> None:
    """Delete what came after its time was up; the spool last, by which it is found.

    The object may be there without a spool: an upload outlives who began it.
    """
    name = object_name(call.organization_id, call.id)
    delete_everywhere([name], places=())
    path.unlink(missing_ok=True)


def _may_still_come(call: Call, now: datetime) -> bool:
    """Return whether a line that was alive a moment ago may have sound to write."""
    seen_at = call.line_seen_at
    if seen_at is None or call.first_captured_at is None or not _may_keep(call):
        return False
    return bool(call.capture["recording"]) and now - seen_at < LINE_WRITES_WITHIN


def _may_keep(call: Call) -> bool:
    """Return whether the sound may be kept: by rule, or by a yes that still stands."""
    asks = call.capture["recording"] and call.capture["mode"] == "explicit_opt_in"
    return call.consent_answer is not False and (
        not asks or call.consent_answer is True
    )


def _put(spool: Spool, sealer: CallSealer, place: str) -> _Put:
    """Write the sealed object, a piece at a time."""
    peaks = Peaks()
    sealed = seal_pieces(_sound(spool, peaks), sealer)
    name = object_name(sealer.organization_id, sealer.call_id)
    size = objects_at(place).put(name, chain.from_iterable(sealed))
    return _Put(place=place, name=name, size_bytes=size, peaks=peaks)


def _sound(spool: Spool, peaks: Peaks) -> Iterator[bytes]:
    for piece in spool.pieces():
        peaks.add(piece)
        yield _interleaved(piece)


def _interleaved(piece: Piece) -> bytes:
    parts = []
    for tick in range(_TICKS):
        place = slice(tick * TICK_BYTES, (tick + 1) * TICK_BYTES)
        parts += [bytes(piece.caller[place]), bytes(piece.agent[place])]
    return b"".join(parts)


def _note(call: Call, put: _Put, *, now: datetime) -> bool:
    """Write the row, unless the sound was erased while it was being stored."""
    alone = Call.with_deleted.select_for_update(no_key=True)
    if alone.get(pk=call.pk).audio_erased_at is not None:
        return False
    recording, _ = Recording.with_deleted.update_or_create(
        organization_id=call.organization_id,
        call=call,
        defaults={
            "status": Recording.Status.STORED,
            "duration_ms": put.peaks.ticks * TICK_MS,
            "size_bytes": put.size_bytes,
            "place": put.place,
            "object_name": put.name,
            "peaks": put.peaks.bars(),
            "stored_at": now,
        },
    )
    audit.record(
        audit.Entry(
            action="recordings.recording.stored",
            organization_id=call.organization_id,
            actor_kind="system",
            actor_id=None,
            subject_kind="call",
            subject_id=call.id,
            fields=("object_name", "size_bytes"),
            facts={"recording": recording.id, "size_bytes": put.size_bytes},
        )
    )
    return True
