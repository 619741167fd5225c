"""Decides whether the caller has finished, or only paused for breath (pure).

Next: `telephony.voice.stages.reply`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from telephony.voice.dialogue import Expecting
from telephony.voice.frames import Heard

# How long an unfinished turn may wait for its rest, beyond the pause itself.
HOLD_MS: Final = 1_200
_HANGING: Final = frozenset(
    [
        "and",
        "or",
        "but",
        "because",
        "so",
        "um",
        "uh",
        "my",
        "the",
        "a",
        "an",
        "at",
        "on",
        "und",
        "oder",
        "aber",
        "weil",
        "ein",
        "eine",
        "et",
        "ou",
        "mais",
        "parce",
        "que",
        "un",
        "une",
        "le",
        "la",
    ]
)
_DIGITS_OF_A_NUMBER: Final = 7
_DIGIT_WORDS: Final = frozenset(
    [
        "zero",
        "oh",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "double",
        "triple",
    ]
)


class TakeTurns:
    """Holds an unfinished turn back for its rest."""

    name = "take_turns"

    def __init__(self, emit: Callable[[Heard], None]) -> None:
        """Emit whole turns."""
        self._emit = emit
        self._held: Heard | None = None
        self._until_ms = 0

    def handle(self, heard: Heard, *, expecting: Expecting, now_ms: int) -> None:
        """Emit the turn, or hold it until more comes or the time is up."""
        whole = _joined(self._held, heard)
        was_held, self._held = self._held is not None, None
        if not was_held and _is_unfinished(whole, expecting):
            self._held, self._until_ms = whole, now_ms + HOLD_MS
            return
        self._emit(whole)

    def tick(self, now_ms: int, *, caller_speaks: bool) -> None:
        """Let a held turn go once nothing more has come."""
        if self._held is not None and now_ms >= self._until_ms and not caller_speaks:
            held, self._held = self._held, None
            self._emit(held)

    def flush(self) -> None:
        """Let a held turn go: nothing more will come."""
        if self._held is not None:
            held, self._held = self._held, None
            self._emit(held)

    @property
    def is_holding(self) -> bool:
        """Return whether a turn waits for its rest."""
        return self._held is not None


def _joined(first: Heard | None, second: Heard) -> Heard:
    if first is None:
        return second
    return replace(
        second,
        text=f"{first.text} {second.text}".strip(),
        is_sure=first.is_sure and second.is_sure,
        alternatives=first.alternatives + second.alternatives,
        is_lost=first.is_lost or second.is_lost,
        started_at_ms=first.started_at_ms,
    )


def _is_unfinished(heard: Heard, expecting: Expecting) -> bool:
    words = heard.text.split()
    if not words:
        return False
    if words[-1] in _HANGING:
        return True
    digits = sum(word in _DIGIT_WORDS for word in words)
    return expecting is Expecting.PHONE and 0 < digits < _DIGITS_OF_A_NUMBER
