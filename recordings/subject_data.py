"""What recordings hands out: the words of a call, and its sound."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from compliance.keys.call_sealer import CallSealer
from recordings.models import Recording, Utterance
from recordings.selectors.transcripts import open_line
from recordings.sound import WavView
from sondervoice.kernel.subject_data import (
    SubjectFile,
    SubjectItem,
    Wanted,
)
from sondervoice.kernel.subject_pages import in_pages
from telephony.models import Call
from telephony.selectors.callers import find_sealer
from telephony.subject_data import TEXT, calls, clinic_zone, day_of

_LINE: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "at_ms": {"type": "integer"},
        "who": {"enum": ["caller", "agent"]},
        "text": TEXT,
    },
    "required": ["at_ms", "text", "who"],
    "additionalProperties": False,
}


class Transcripts:
    """The words of each call: the caller's and our receptionist's."""

    name = "transcripts"
    title = "What was said"
    is_of_callers = True
    processors: tuple[str, ...] = ()
    schema: Mapping[str, Mapping[str, Any]] = {
        "lines": {"type": "array", "items": _LINE}
    }

    def count(self, wanted: Wanted) -> int:
        """Return how many calls have words."""
        return _with_words(wanted).count()

    def export(self, wanted: Wanted, *, organization_id: UUID) -> Iterator[SubjectItem]:
        """Yield the words of one call after another."""
        zone = clinic_zone(organization_id)
        return in_pages(
            lambda: _with_words(wanted),
            lambda call: _shape_words(call, zone),
            organization_id=organization_id,
        )


def _with_words(wanted: Wanted) -> QuerySet[Call]:
    spoken = Utterance.with_deleted.values("call_id")
    return calls(wanted).filter(id__in=spoken)


def _shape_words(call: Call, zone: ZoneInfo) -> SubjectItem:
    sealer = find_sealer(call)
    rows = Utterance.with_deleted.filter(call=call).order_by("started_ms", "number")
    lines = [open_line(row, sealer) for row in rows] if sealer else []
    return SubjectItem(
        id=call.id,
        title=f"Call of {day_of(call.started_at, zone)}",
        values={
            "lines": [
                {"at_ms": line.started_ms, "who": line.speaker, "text": line.text}
                for line in lines
            ]
        },
    )


class Recordings:
    """The sound of each call: the caller on the left, our receptionist on the right."""

    name = "recordings"
    title = "Recordings"
    is_of_callers = True
    processors: tuple[str, ...] = ()
    schema: Mapping[str, Mapping[str, Any]] = {
        "call": TEXT,
        "file": {"type": ["string", "null"]},
        "seconds": {"type": "integer"},
    }

    def count(self, wanted: Wanted) -> int:
        """Return how many recordings can be played."""
        return _stored(wanted).count()

    def export(self, wanted: Wanted, *, organization_id: UUID) -> Iterator[SubjectItem]:
        """Yield the recordings; their sound is read when it is sent."""
        zone = clinic_zone(organization_id)
        return in_pages(
            lambda: _stored(wanted).select_related("call"),
            lambda recording: _shape_sound(recording, zone),
            organization_id=organization_id,
        )


def _stored(wanted: Wanted) -> QuerySet[Recording]:
    stored = Recording.with_deleted.filter(status=Recording.Status.STORED)
    return stored.filter(call__in=calls(wanted))


def _shape_sound(recording: Recording, zone: ZoneInfo) -> SubjectItem:
    call, sealer = recording.call, find_sealer(recording.call)
    name = _file_name(call, zone)
    return SubjectItem(
        id=recording.id,
        title=f"Call of {day_of(call.started_at, zone)}",
        values={
            "call": str(call.id),
            "file": f"audio/{name}" if sealer else None,
            "seconds": recording.duration_ms // 1000,
        },
        files=(_file(recording, sealer, name),) if sealer else (),
    )


def _file(recording: Recording, sealer: CallSealer, name: str) -> SubjectFile:
    sound = WavView(recording, sealer, "both")
    return SubjectFile(name=name, pieces=lambda: sound.read(0, sound.size_bytes - 1))


def _file_name(call: Call, zone: ZoneInfo) -> str:
    began = call.started_at.astimezone(zone)
    return f"{began:%Y-%m-%d %H%M}-{call.id.hex[-6:]}.wav"
