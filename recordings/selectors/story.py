"""A call's story in the order of time: what was said, and what was done in between."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from accounts.actors import Actor
from accounts.permissions import Permission
from recordings.selectors.transcripts import TranscriptLine
from telephony.marks import clock
from telephony.models import Call, ToolUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the story: words, or something done.

    Attributes:
        kind: ``person``, ``machine`` or ``tool``, as the style sheet has it.
        at_ms: Since the call was answered.
        pin: Number in the picture of the sound, 0 for none.
        unheard: For words of ours: the note about what did not reach the caller.
    """

    anchor: str
    kind: str
    at_ms: int
    clock: str
    icon: str = ""
    text: str = ""
    language: str = ""
    pin: int = 0
    unheard: str = ""
    is_sure: bool = True
    is_hidden: bool = False


_TOOLS: Final = {
    ("find_slots", "found"): ("calendar-search", "Looked in the diary: {count} free"),
    ("find_slots", "none"): ("calendar-search", "Looked in the diary: nothing free"),
    ("book", "booked"): ("calendar-check", "Booked an appointment"),
    ("book", "taken"): ("calendar-x", "The place had just been taken"),
    ("book", "refused"): ("circle-x", "Not booked: the place was never offered"),
    ("find_own", "found"): ("calendar-search", "Found {count} under this number"),
    ("find_own", "none"): ("calendar-search", "Found nothing under this number"),
    ("find_own", "withheld"): ("calendar-search", "Found nothing: number withheld"),
    ("cancel", "cancelled"): ("calendar-x", "Cancelled an appointment"),
    ("cancel", "refused"): ("circle-x", "Not cancelled: it is somebody else’s"),  # noqa: RUF001
    ("take_message", "left"): ("message-square-text", "Took a message"),
    ("note_emergency", "told"): ("siren", "Told the emergency number"),
    ("note_consent", "given"): ("check", "The caller agreed to the recording"),
    ("note_consent", "refused"): ("x", "The caller refused the recording"),
    ("put_through", "asked"): ("phone-forwarded", "Rang a person of the clinic"),
    ("put_through", "answered"): ("phone-forwarded", "A person of the clinic answered"),
    ("put_through", "unanswered"): ("phone-missed", "Rang a person; nobody answered"),
}
_QUIET: Final = frozenset({"find_own", "find_slots"})


def tell_story(
    *, actor: Actor, call: Call, lines: Iterable[TranscriptLine]
) -> list[Moment]:
    """Return the lines and the uses of tools, in the order of time.

    Raises:
        PermissionMissingError: If the actor may not see calls.
    """
    actor.require(Permission.CALLS_VIEW)
    done = ToolUse.objects.filter(call=call).order_by("at_ms", "id")
    pin = 0
    moments = [_spoken(line) for line in lines]
    for use in done:
        pin += use.name not in _QUIET
        moments.append(_done(use, 0 if use.name in _QUIET else pin))
    return sorted(moments, key=lambda moment: moment.at_ms)


def _spoken(line: TranscriptLine) -> Moment:
    return Moment(
        anchor=f"line-{line.number}",
        kind="person" if line.speaker == "caller" else "machine",
        at_ms=line.started_ms,
        clock=clock(line.started_ms // 1000),
        text=line.text,
        language=line.language,
        unheard=_unheard(line.heard),
        is_sure=line.is_sure,
        is_hidden=line.is_hidden,
    )


def _unheard(heard: bool | str | None) -> str:  # noqa: FBT001 -- what the line says
    if heard is False:
        return "not heard"
    if isinstance(heard, str):
        return f"cut off after “{_tail(heard)}”" if heard.strip() else "not heard"
    return ""


def _tail(words: str) -> str:
    return "… " + " ".join(words.split()[-4:]) if len(words.split()) > 4 else words


def _done(use: ToolUse, pin: int) -> Moment:
    known = _TOOLS.get((use.name, use.effect))
    icon, words = known or (
        "circle-alert",
        f"{use.name.replace('_', ' ')}: {use.effect}",
    )
    took = f". {use.took_ms} ms" if use.took_ms else ""
    return Moment(
        anchor=f"done-{use.id}",
        kind="tool",
        at_ms=use.at_ms,
        clock=clock(use.at_ms // 1000),
        icon=icon,
        text=words.format(count=use.count or 0) + took,
        pin=pin,
    )
