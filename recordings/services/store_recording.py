"""Move a call's sound from the spool to storage, once the call has ended.

It may run twice, or be killed between any two lines: the spool goes last.
"""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages

from compliance.keys.call_sealer import CallSealer, sealer_for_call
from recordings.models import Recording
from recordings.object_file import seal_pieces
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


def store_recording(*, organization_id: UUID, call_id: UUID, now: datetime) -> None:
    """Store what was kept of the call's sound; nothing kept leaves no recording.

    Raises:
        SpoolBusyError: If the call's line still writes; the job is tried again.
        SpoolLateError: If it may be about to write for the first time; likewise.
    """
    path = spool_path(Path(settings.SPOOL_DIR), organization_id, call_id)
    with tenancy.scope(organization_id):
        call = Call.with_deleted.get(pk=call_id)
        stored = Recording.with_deleted.filter(call=call, status="stored").first()
    if call.audio_erased_at is not None:
        # Its time was up before the storage was there again.
        path.unlink(missing_ok=True)
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
        name, size, peaks = _put(spool, sealer)
        with tenancy.scope(organization_id):
            _note(call, name=name, size=size, peaks=peaks, now=now)
        spool.remove()
    finally:
        spool.release()


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


def _put(spool: Spool, sealer: CallSealer) -> tuple[str, int, Peaks]:
    """Write the sealed object; return its name, its size and its picture."""
    peaks = Peaks()
    sealed = io.BytesIO()
    for piece in seal_pieces(_sound(spool, peaks), sealer):
        sealed.writelines(piece)
    name = object_name(sealer.organization_id, sealer.call_id)
    storage = storages["recordings"]
    storage.delete(name)
    size = sealed.tell()
    sealed.seek(0)
    return storage.save(name, File(sealed, name)), size, peaks


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


def _note(call: Call, *, name: str, size: int, peaks: Peaks, now: datetime) -> None:
    recording, _ = Recording.with_deleted.update_or_create(
        organization_id=call.organization_id,
        call=call,
        defaults={
            "status": Recording.Status.STORED,
            "duration_ms": peaks.ticks * TICK_MS,
            "size_bytes": size,
            "object_name": name,
            "peaks": peaks.bars(),
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
            facts={"recording": recording.id, "size_bytes": size},
        )
    )
