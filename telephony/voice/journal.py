"""What the line tells those who keep: taps that see and can change nothing.

Every method returns at once; what has to be written is handed to another thread.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from telephony.voice.dialogue import Dialogue
from telephony.voice.frames import Audio, Heard, Saying


class HowHeard(StrEnum):
    """How much of a sentence the caller heard, by the carrier's echo."""

    FULL = "full"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTimes:
    """One answer, in milliseconds of the call.

    A word that asked for a moment is no answer: however soon it came, the time runs on.

    Attributes:
        quiet_ms: The caller's last speech.
        decided_ms: When the turn was judged to be over.
        heard_ms: When the words were there.
        answered_ms: The first audible frame of the answer.
    """

    number: int
    quiet_ms: int
    decided_ms: int
    heard_ms: int
    answered_ms: int


class Journal(Protocol):
    """Keeps the words and the times of a call."""

    def caller_spoke(self, heard: Heard, *, is_hidden: bool, language: str) -> None:
        """The caller said this; hidden when something was taken out of it."""

    def caller_hidden(self, *, from_ms: int, to_ms: int) -> None:
        """What the caller said within this stretch turned out to be a card's."""

    def agent_began(self, saying: Saying, *, at_ms: int) -> None:
        """The first sound of a sentence is on its way."""

    def agent_ended(
        self, saying: Saying, *, at_ms: int, how: HowHeard, part: str = ""
    ) -> None:
        """A sentence was heard, or cut off after `part`."""

    def disclosure_heard(self, *, at_ms: int, language: str) -> None:
        """The notice was heard to its end; the gate is open."""

    def answered(self, times: TurnTimes) -> None:
        """The caller got an answer."""

    def moved(self, dialogue: Dialogue) -> None:
        """The conversation stands here; another process could go on."""


class Recorder(Protocol):
    """Keeps the sound of a call; called only while the gate lets sound be kept."""

    def caller(self, frame: Audio) -> None:
        """20 ms of the caller."""

    def agent(self, payload: bytes, *, at_ms: int) -> None:
        """20 ms of ours as G.711, heard from `at_ms` on."""

    def hide(self, *, from_ms: int, to_ms: int) -> None:
        """Overwrite the caller's sound of this stretch with silence."""


class Gate(Protocol):
    """What may be done with the caller's sound and words now."""

    may_hear: bool
    may_write: bool
    may_record: bool

    def notice_heard(self) -> None:
        """The caller has heard the notice."""

    def question_begun(self, *, at_ms: int) -> None:
        """The question for consent is heard from this moment on."""

    def shut(self) -> None:
        """Let nothing pass any more: the call goes to a person."""
