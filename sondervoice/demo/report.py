"""What the demo's call left behind, read back from the database and the storage."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.actors import Actor
from compliance.keys.call_sealer import CallSealer, sealer_for_call
from compliance.keys.sealing import SealBrokenError
from compliance.ledger.models import AuditLog
from recordings.errors import RecordingNotFoundError
from recordings.models import Recording
from recordings.objects.places import objects_at
from recordings.receipt import receipt_of
from recordings.selectors.sound import get_playable
from recordings.selectors.transcripts import list_lines
from recordings.services.grant_playback import check_grant, grant_playback
from recordings.sound import HEADER_BYTES, WavView
from sondervoice.demo import people
from sondervoice.kernel.clock import utc_now
from telephony.models import Call
from telephony.scheduling.models import Appointment
from telephony.scheduling.sealed import patient_name
from telephony.selectors.sight import standing_sight

_SAMPLE_BYTES: Final = 64
_WIDTH: Final = 16
# By whether sound and whether words may be kept.
_KEPT: Final = {
    (True, True): "sound and words are kept",
    (True, False): "sound alone is kept",
    (False, True): "words alone are kept",
    (False, False): "nothing is kept",
}


@dataclass(slots=True)
class Report:
    """Lines for the reader, and what should be there and is not."""

    lines: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, name: str, value: object) -> None:
        """Add a line."""
        self.lines.append(f"  {name.ljust(_WIDTH)}{value}")

    def want(self, fact: Any, name: str) -> bool:
        """Note what is missing; return whether it is there."""
        if not fact:
            self.missing.append(name)
        return bool(fact)


def report_on(*, call: Call, actor: Actor) -> Report:
    """Return the report; must be asked within the clinic's scope."""
    report = Report()
    report.add("Outcome", f"{call.outcome} ({call.end_reason or call.status})")
    _appointment(report, call, actor)
    _notice(report, call)
    _recording(report, call, actor)
    _latency(report, call)
    actions = _actions(call)
    report.want(actions, "audit rows")
    report.add("Audit", f"{len(actions)} rows about this call: {_tally(actions)}")
    return report


def _appointment(report: Report, call: Call, actor: Actor) -> None:
    heard = [
        line
        for line in list_lines(actor=actor, call=call, sight=standing_sight(actor))
        if line.speaker == "caller"
    ]
    report.want(any(line.text for line in heard), "words heard from the caller")
    booked = (
        Appointment.objects.filter(call=call, status=Appointment.Status.BOOKED)
        .select_related("slot__practitioner", "slot__kind")
        .first()
    )
    if not report.want(booked, "an appointment booked from what was heard"):
        return
    assert booked is not None  # noqa: S101 -- `want` has looked
    slot = booked.slot
    at = slot.starts_at.astimezone(ZoneInfo(people.TIMEZONE))
    name = patient_name(booked) or "a name the staff will confirm"
    report.add(
        "Appointment",
        f"{at:%A %d %B %Y, %H:%M}, {slot.kind.name} with {slot.practitioner.name}, "
        f"for {name}",
    )


def _notice(report: Report, call: Call) -> None:
    capture = call.capture
    words = " ".join(capture.get("notice", {}).get(call.disclosure_language, []))
    if report.want(call.disclosure_heard_at, "the notice heard to its end"):
        report.add("Notice", words)
        report.add("  heard at", clock_time(call.disclosure_heard_at))
    means = receipt_of(call, heard=(), has_sound=False).means
    report.add("Consent", f"{means}; {_answer(call)}")
    report.add("Capture", capture_words(capture))


def capture_words(capture: dict[str, Any]) -> str:
    """Return what may be kept of a call: ``sound and words are kept, rules 3c1d…``."""
    may_keep = bool(capture.get("recording")), bool(capture.get("transcription"))
    return f"{_KEPT[may_keep]}, rules {capture.get('policy_version')}"


def _answer(call: Call) -> str:
    if call.consent_asked_at is None:
        return "told, not asked"
    said = {True: "yes", False: "no", None: "no answer"}[call.consent_answer]
    return f"asked: {said} ({call.consent_method or 'not said'})"


def _recording(report: Report, call: Call, actor: Actor) -> None:
    try:
        recording = get_playable(actor=actor, call_id=call.id)
    except RecordingNotFoundError:
        report.want(fact=False, name="a recording that is stored")
        return
    sealer = sealer_for_call(organization_id=call.organization_id, call_id=call.id)
    grant = grant_playback(actor=actor, call_id=call.id, now=utc_now())
    check_grant(grant.token, actor=actor, call_id=call.id)
    seconds, size = recording.duration_ms / 1000, recording.size_bytes
    report.add(
        "Recording", f"{_where(recording)}, {size} bytes, {seconds:.1f} s, sealed"
    )
    if report.want(_is_sealed(recording), "a recording that is sealed at rest"):
        report.want(_plays(recording, sealer), "a recording that plays")
        report.add(
            "  plays",
            "yes: opened by the same path as the dashboard's player "
            "(this check stands in the record in Ada's name)",
        )


def _where(recording: Recording) -> str:
    return objects_at(recording.place).address(recording.object_name)


def _is_sealed(recording: Recording) -> bool:
    objects = objects_at(recording.place)
    head = objects.read(recording.object_name, start=0, length=_SAMPLE_BYTES)
    return head[:1] == b"\x01" and b"RIFF" not in head


def _plays(recording: Recording, sealer: CallSealer) -> bool:
    view = WavView(recording, sealer, "both")
    try:
        sound = b"".join(view.read(0, view.size_bytes - 1))
    except (SealBrokenError, FileNotFoundError):
        return False
    is_whole = len(sound) == view.size_bytes and sound.startswith(b"RIFF")
    return is_whole and any(sound[HEADER_BYTES:])


def _latency(report: Report, call: Call) -> None:
    if report.want(call.answer_p50_ms is not None, "how long answers took"):
        report.add(
            "Latency",
            f"p50 {call.answer_p50_ms} ms, p95 {call.answer_p95_ms} ms "
            "from the caller's last word to the answer's first sound",
        )


def _actions(call: Call) -> list[str]:
    about = Q(subject_id=call.id) | Q(facts__call=str(call.id))
    rows = AuditLog.objects.filter(about, at__gte=call.started_at).order_by("at", "id")
    return list(rows.values_list("action", flat=True))


def _tally(actions: list[str]) -> str:
    return ", ".join(
        f"{actions.count(action)} {action}" if actions.count(action) > 1 else action
        for action in dict.fromkeys(actions)
    )


def clock_time(at: datetime | None) -> str:
    """Return day, second and zone of the clinic: ``Fri 20 Nov 2026, 09:42:07 CST``."""
    if at is None:
        return ""
    return f"{at.astimezone(ZoneInfo(people.TIMEZONE)):%a %d %b %Y, %H:%M:%S %Z}"
