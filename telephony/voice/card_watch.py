"""Remembers from turn to turn whether a card is being read out (pure).

People read a card's number in groups with a breath between, so that no turn alone tells
of it; its date and its code come in the turns after it.

Next: `telephony.voice.line` hides what is found.
"""

from dataclasses import dataclass
from typing import Final

from telephony.voice import safety
from telephony.voice.frames import Heard

# Turns after a card number that may hold its date and its code.
CARD_TURNS: Final = 2
# An onset is noticed late and a last consonant not at all.
BEFORE_MS: Final = 300
AFTER_MS: Final = 200
_BARE_FROM: Final = 4
# With and without its area: a caller says a phone number again when asked to.
_PHONE_DIGITS: Final = frozenset({7, 10, 11})

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What may be kept of a turn.

    Attributes:
        text: The words that may go on; empty for a card's.
        hide_ms: Stretches of the caller that must not be kept, earlier turns' too.
    """

    is_card: bool
    text: str
    hide_ms: tuple[Stretch, ...] = ()


class CardWatch:
    """Looks at one caller's turns, one after the other."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._turns_left = 0
        self._groups: list[tuple[str, Stretch]] = []
        self._has_found = False

    @property
    def is_alert(self) -> bool:
        """Return whether a card was read out, or may be being read out."""
        return self._has_found or bool(self._groups)

    def look(self, heard: Heard, *, wants_phone: bool, wants_digits: bool) -> Finding:
        """Return what may be kept of this turn.

        Args:
            wants_phone: A phone number was asked for.
            wants_digits: Digits were asked for, a phone number's or an hour's.
        """
        readings = (heard.text, *heard.alternatives)
        stretch = (heard.started_at_ms - BEFORE_MS, heard.stopped_at_ms + AFTER_MS)
        bare = safety.bare_digits(heard.text, heard.alternatives)
        self._add(bare, stretch, wants_phone=wants_phone)
        in_groups = sum(len(digits) for digits, _ in self._groups)
        if safety.has_card_number(readings) or in_groups >= safety.CARD_DIGITS:
            earlier = tuple(where for _, where in self._groups)
            self._groups.clear()
            self._turns_left = CARD_TURNS
            self._has_found = True
            return Finding(is_card=True, text="", hide_ms=(*earlier, stretch))
        if self._tells_detail(readings):
            return Finding(is_card=True, text="", hide_ms=(stretch,))
        if heard.is_lost:
            # Nobody knows what was said, so nobody knows that it was no card.
            return Finding(is_card=False, text=heard.text, hide_ms=(stretch,))
        if wants_digits:
            return Finding(is_card=False, text=heard.text)
        if len(bare) >= _BARE_FROM:
            text = safety.hide_digit_runs(heard.text, shortest=_BARE_FROM)
        else:
            text = safety.hide_digit_runs(heard.text)
        return Finding(is_card=False, text=text)

    def _tells_detail(self, readings: tuple[str, ...]) -> bool:
        is_soon_after = self._turns_left > 0
        self._turns_left = max(0, self._turns_left - 1)
        if is_soon_after and safety.has_card_detail(readings):
            return True
        return safety.names_card_detail(readings)

    def _add(self, digits: str, stretch: Stretch, *, wants_phone: bool) -> None:
        """Add a group to the row; anything else ends the row."""
        if not digits or (wants_phone and len(digits) in _PHONE_DIGITS):
            self._groups.clear()
        else:
            self._groups.append((digits, stretch))
