"""What the line asks of the outside world: four vendors and the clinic's own tools.

An adapter lives in `telephony/voice/adapters/` and is named in
`sondervoice/vendors.py` alone. Each may fail with `VoiceVendorError`, stall or hang: a
vendor that the settings chose stands before the on-device one and is replaced by it
(`telephony.voice.failover`). What fails below that is the line's to bear: an ear that
fails is not understood, a voice that fails ends the line so that its stream is mended,
and whoever is late, the caller is asked for a moment (`telephony.voice.hold`).
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from telephony.voice.dialogue import Booked, Brief, Dialogue, Expecting, Slot, Wish


class VoiceVendorError(Exception):
    """A vendor did not do its part.

    Attributes:
        vendor: Our name of the vendor.
        is_permanent: Asking again will not help (key refused, language unknown).
    """

    def __init__(self, vendor: str, *, is_permanent: bool = False) -> None:
        """Name the vendor and whether asking again can help."""
        super().__init__(vendor)
        self.vendor = vendor
        self.is_permanent = is_permanent


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The words of one utterance.

    Attributes:
        text: Lower case, no punctuation, numbers as words; empty: not understood.
        is_sure: The ear vouches for the words; else they are a guess.
        alternatives: Other readings, for emergencies and card numbers only.
    """

    text: str
    is_sure: bool
    alternatives: tuple[str, ...] = ()


class Hearing(Protocol):
    """One caller's ear, open for one call."""

    def feed(self, pcm: bytes) -> None:
        """Take sound of the running utterance (PCM as in `frames.Audio`); no wait."""

    def expect(self, expecting: Expecting, *, offered: Sequence[Slot]) -> None:
        """Say what the utterance that begins now will answer; no wait.

        It may be wrong: `finish` has the last word.
        """

    async def finish(
        self, expecting: Expecting, *, offered: Sequence[Slot]
    ) -> Recognised:
        """Return the words of all that was fed since the last call, and forget it."""

    async def close(self) -> None:
        """Give back what the ear holds; closing twice is harmless."""


class SpeechToText(Protocol):
    """Turns a caller's sound into words."""

    name: str
    languages: frozenset[str]

    async def open(self, *, language: str) -> Hearing:
        """Return an ear for one call.

        Raises:
            VoiceVendorError: If the vendor cannot be had.
        """


class TextToSpeech(Protocol):
    """Turns a sentence into sound."""

    name: str

    def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        """Yield PCM as in `frames.Audio`, in pieces of any even length.

        Raises:
            VoiceVendorError: Before the first piece or between two.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOpened:
    """The caller can hear us; on this line nothing has been said.

    Attributes:
        has_heard_notice: On a line before this one, which broke.
    """

    has_heard_notice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerSaid:
    """The caller finished a turn."""

    words: Recognised


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerPressed:
    """The caller pressed one key."""

    digit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerSilent:
    """The caller has said nothing for a while, `times` times in a row."""

    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerLeft:
    """The caller has hung up; nothing can be said, but a note can be left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSpoken:
    """A card number was heard and removed; its digits are gone already."""


Happening = (
    CallOpened | CallerSaid | CallerPressed | CallerSilent | CallerLeft | CardSpoken
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the conversation so far; `speaker` is ``caller`` or ``agent``."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Everything a brain may know when it answers.

    Attributes:
        now: Aware, in the clinic's time zone.
        lines: The conversation so far, oldest first, at most the last 40.
    """

    brief: Brief
    dialogue: Dialogue
    happening: Happening
    now: datetime
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """A sentence to say next; `is_interruptible` as in `frames.Saying`.

    Attributes:
        language: BCP 47 primary tag; empty for the language of the dialogue.
    """

    text: str
    is_interruptible: bool = True
    is_disclosure: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remember:
    """The conversation now stands here."""

    dialogue: Dialogue


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End the call when all that was said has been heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutThrough:
    """Give the caller to a person when all that was said has been heard."""


Piece = Say | Remember | HangUp | PutThrough


class Tools(Protocol):
    """What a brain may do in the clinic's books; each call is authorised by the server.

    A tool refuses what the conversation has not earned (a slot that was never offered,
    somebody else's appointment) with `ToolRefusedError`, whatever a model says. So it
    does when the books cannot be reached: that nothing was found is another answer.
    """

    @property
    def is_busy(self) -> bool:
        """Return whether something is being done that should not be given up."""

    async def find_slots(self, wish: Wish) -> tuple[Slot, ...]:
        """Return at most three free slots that fit best, earliest first."""

    async def book(self, slot_id: UUID, *, name: str, phone: str) -> bool:
        """Book an offered slot; False when somebody else has taken it meanwhile."""

    async def find_own_appointments(self) -> tuple[Booked, ...]:
        """Return this caller's coming appointments, by the number they call from."""

    async def cancel(self, appointment_id: UUID) -> None:
        """Cancel one of the appointments that `find_own_appointments` returned."""

    async def take_message(
        self,
        *,
        text: str,
        name: str,
        phone: str,
        is_urgent: bool,
        is_note: bool = False,
    ) -> None:
        """Leave a message for the staff; the sound of the last utterance goes along.

        Args:
            is_note: The words are the receptionist's, about the caller.
        """

    async def note_emergency(self) -> None:
        """Write down that the caller was told the emergency number."""

    async def note_consent(self, *, is_given: bool, method: str) -> bool:
        """Write down the caller's yes or no; return whether it counts.

        A yes before the question was heard, or one that cannot be written, does not.

        Args:
            method: ``voice`` or ``key``.
        """


class ToolRefusedError(Exception):
    """The server will not do this for this caller."""


class LanguageModel(Protocol):
    """Decides what to say and do next."""

    name: str

    def reply(self, moment: Moment, tools: Tools) -> AsyncIterator[Piece]:
        """Yield what to say and remember, sentence by sentence.

        Closing the iterator early (the caller spoke over us) is normal; a tool call
        that has begun is finished all the same.

        Raises:
            VoiceVendorError: Before the first piece or between two.
        """
