"""What was said in a call, opened for those who may read it."""

from dataclasses import dataclass, replace

from django.db.models import Q

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.keys.call_sealer import CallSealer, sealer_for_call
from compliance.keys.store import KeyGoneError
from compliance.rights.selectors.marks import require_unrestricted
from recordings.models import Utterance
from telephony.masking import mask_words
from telephony.messages.models import Message
from telephony.messages.sealed import message_name
from telephony.models import Call
from telephony.scheduling.models import Appointment
from telephony.scheduling.sealed import patient_name
from telephony.sealed import caller_name
from telephony.selectors.sight import Sight

TABLE = "recordings_utterance"


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptLine:
    """One line, in the clear. Times are milliseconds since the answer.

    Attributes:
        speaker: ``caller`` or ``agent``.
        heard: What reached the caller of the agent's words: True for all, False for
            nothing, else the part; None for the caller's own words.
        is_sure: False when the ear was guessing.
        is_hidden: Something was taken out before the words were kept.
    """

    number: int
    speaker: str
    text: str
    started_ms: int
    ended_ms: int | None
    heard: bool | str | None
    is_sure: bool
    is_hidden: bool
    is_disclosure: bool
    language: str


def list_lines(*, actor: Actor, call: Call, sight: Sight) -> list[TranscriptLine]:
    """Return the call's lines in the order they were spoken.

    Who may not see the caller reads them without names and numbers; the notice, which
    names nobody, stays as it is.

    Raises:
        PermissionMissingError: If the actor may not see calls.
        KeyGoneError: If there are lines and the call's key has been destroyed.
        RestrictedError: If the caller asked that their data is not used.
        SealBrokenError: If a line was changed in the database.
    """
    actor.require(Permission.CALLS_VIEW)
    require_unrestricted(call.caller_index)
    rows = list(Utterance.objects.filter(call=call).order_by("started_ms", "number"))
    if not rows:
        return []
    sealer = sealer_for_call(organization_id=call.organization_id, call_id=call.id)
    lines = [open_line(row, sealer) for row in rows]
    if sight.sees(call.id):
        return lines
    names = _names(call, sealer)
    return [line if line.is_disclosure else _masked(line, names) for line in lines]


def _names(call: Call, sealer: CallSealer) -> tuple[str, ...]:
    """Return every name the call left: a caller speaks for others, and corrects."""
    left = Message.with_deleted.filter(call=call)
    touched = Appointment.with_deleted.filter(Q(call=call) | Q(cancelled_in_call=call))
    return (
        caller_name(call, sealer),
        *(message_name(message, sealer) for message in left),
        *(_patient(appointment) for appointment in touched),
    )


def _patient(appointment: Appointment) -> str:
    try:
        return patient_name(appointment)
    except KeyGoneError:
        return ""


def _masked(line: TranscriptLine, names: tuple[str, ...]) -> TranscriptLine:
    heard = line.heard
    return replace(
        line,
        text=mask_words(line.text, names=names),
        heard=mask_words(heard, names=names) if isinstance(heard, str) else heard,
    )


def open_line(row: Utterance, sealer: CallSealer) -> TranscriptLine:
    """Return one line in the clear, whoever asked for it."""
    return TranscriptLine(
        number=row.number,
        speaker=row.speaker,
        text=sealer.open(
            bytes(row.text_sealed), table=TABLE, column="text_sealed", row_id=row.id
        ),
        started_ms=row.started_ms,
        ended_ms=row.ended_ms,
        heard=_heard(row, sealer),
        is_sure=row.is_sure,
        is_hidden=row.is_hidden,
        is_disclosure=row.is_disclosure,
        language=row.language,
    )


def _heard(row: Utterance, sealer: CallSealer) -> bool | str | None:
    if row.speaker == Utterance.Speaker.CALLER:
        return None
    if row.heard != Utterance.Heard.PART or row.heard_sealed is None:
        return row.heard == Utterance.Heard.FULL
    return sealer.open(
        bytes(row.heard_sealed), table=TABLE, column="heard_sealed", row_id=row.id
    )
