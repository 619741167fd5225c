"""All that the page of one call shows, in whatever state the call is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.keys.call_sealer import CallSealer
from compliance.rights.selectors.marks import is_restricted
from recordings.latency import Latency, draw_latency
from recordings.models import Recording
from recordings.receipt import Receipt, receipt_of
from recordings.selectors.sound import find_recording
from recordings.selectors.story import Moment, tell_story
from recordings.selectors.transcripts import TranscriptLine, list_lines
from recordings.wave import Wave, draw_wave, place
from telephony.marks import (
    ERASED,
    Badge,
    clock,
    consent_badge,
    is_being_stored,
    outcome_badge,
    recording_badge,
)
from telephony.models import Call, Turn
from telephony.selectors.callers import Caller, find_sealer, read_caller
from telephony.selectors.languages import language_name
from telephony.selectors.sight import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What the player needs, or why there is none.

    Attributes:
        missing: Why nothing can be played, as a sentence; empty when it can.
        symbol: The icon beside that sentence.
        pins: Place, number, anchor and words of each moment in the picture.
    """

    missing: str = ""
    symbol: str = "mic-off"
    duration_s: int = 0
    duration: str = ""
    wave: Wave | None = None
    pins: list[tuple[str, int, str, str]]


RESTRICTED: Final = Sound(
    missing="The caller asked that this is kept and not used. Nobody can read or play "
    "it until that is lifted.",
    symbol="lock-keyhole",
    pins=[],
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSheet:
    """One call's page."""

    call: Call
    caller: Caller
    outcome: Badge
    consent: Badge
    kept: Badge
    language: str
    sound: Sound
    story: list[Moment]
    receipt: Receipt
    latency: Latency | None
    erase_after: datetime | None
    has_key: bool
    is_restricted: bool


def read_call_sheet(
    *, actor: Actor, call: Call, now: datetime, sight: Sight
) -> CallSheet:
    """Return the sheet of a call that `get_call` has returned.

    Raises:
        PermissionMissingError: If the actor may not see calls.
        SealBrokenError: If a sealed field was changed in the database.
    """
    sealer = find_sealer(call)
    recording = find_recording(actor=actor, call=call)
    restricted = is_restricted(call.caller_index)
    is_read = sealer is not None and not restricted
    lines = list_lines(actor=actor, call=call, sight=sight) if is_read else []
    story = tell_story(actor=actor, call=call, lines=lines)
    has_sound = recording is not None and any(recording.peaks)
    return CallSheet(
        call=call,
        caller=read_caller(actor=actor, call=call, sealer=sealer, sight=sight),
        outcome=outcome_badge(call),
        consent=consent_badge(call),
        kept=recording_badge(call, recording, now=now) if sealer else ERASED,
        language=language_name(call.language),
        sound=RESTRICTED
        if restricted
        else _sound(actor, call, recording, sealer, story, now),
        story=story,
        receipt=receipt_of(call, heard=_notice(call, lines), has_sound=has_sound),
        latency=draw_latency(list(Turn.objects.filter(call=call).order_by("number"))),
        erase_after=recording.erase_after if recording else None,
        has_key=sealer is not None,
        is_restricted=restricted,
    )


def _notice(call: Call, lines: list[TranscriptLine]) -> list[str]:
    """Return what reached the caller of the notice and the question.

    Once the words are erased, the text that was spoken stands for them if the notice
    was heard to its end.
    """
    heard = [
        line.text if line.heard is True else f"{line.heard} …"
        for line in lines
        if line.is_disclosure and line.heard
    ]
    if heard or call.disclosure_heard_at is None:
        return heard
    texts = call.capture.get("notice", {})
    return list(texts.get(call.disclosure_language or call.language, []))


def _sound(
    actor: Actor,
    call: Call,
    recording: Recording | None,
    sealer: CallSealer | None,
    story: list[Moment],
    now: datetime,
) -> Sound:
    missing, symbol = _missing(actor, call, recording, sealer)
    if is_being_stored(call, now) and recording is None:
        missing, symbol = _UNPLAYABLE[Recording.Status.SPOOLING]
    if recording is None or missing:
        return Sound(missing=missing, symbol=symbol, pins=[])
    pins = [
        (
            place(moment.at_ms, recording.duration_ms),
            moment.pin,
            moment.anchor,
            moment.text.split(". ")[0],
        )
        for moment in story
        if moment.pin and moment.at_ms <= recording.duration_ms
    ]
    seconds = recording.duration_ms // 1000
    return Sound(
        duration_s=seconds,
        duration=clock(seconds),
        wave=draw_wave(recording.peaks),
        pins=pins,
    )


def _missing(
    actor: Actor, call: Call, recording: Recording | None, sealer: CallSealer | None
) -> tuple[str, str]:
    """Return why nothing can be played and its icon, both empty when it can."""
    if sealer is None:
        return "This call was erased: its key is destroyed.", "eraser"
    if recording is None or recording.status == Recording.Status.EMPTY:
        return _never_kept(call)
    if recording.status in _UNPLAYABLE:
        return _UNPLAYABLE[recording.status]
    if not actor.may(Permission.CALLS_LISTEN):
        return "Your role may read this call, not listen to it.", "headphones"
    return "", ""


_UNPLAYABLE: Final[dict[str, tuple[str, str]]] = {
    Recording.Status.ERASED: (
        "The sound was erased when its time was up.",
        "eraser",
    ),
    Recording.Status.SPOOLING: (
        "The sound is being stored. Load this page again in a minute.",
        "hourglass",
    ),
}


_OBJECTED: Final = (
    "Not recorded and not written down: the caller has objected, and the clinic "
    "agreed. The receptionist served them just the same. A message or an "
    "appointment is kept.",
    "mic-off",
)


def _never_kept(call: Call) -> tuple[str, str]:
    if call.capture.get("has_objected", False):
        return _OBJECTED
    if not call.has_ended:
        return "The call is still going on. Its sound appears when it has ended.", (
            "audio-lines"
        )
    if call.consent_answer is False:
        return "Not recorded: the caller refused and was served just the same.", (
            "mic-off"
        )
    if call.consent_asked_at is not None and call.consent_answer is None:
        return "Not recorded: the question was not answered.", "mic-off"
    if not call.capture.get("recording", False):
        return "Not recorded: the receptionist does not record.", "mic-off"
    return "Not recorded.", "mic-off"
