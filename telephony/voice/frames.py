"""What travels along the line: a dozen small, frozen frames.

Audio is mono 16-bit little-endian PCM at 8 000 Hz everywhere inside the line: 20 ms are
160 samples, 320 bytes. Times are milliseconds since the call was answered.

Next: `telephony.voice.ports`.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

SAMPLE_RATE_HZ: Final = 8_000
FRAME_MS: Final = 20
FRAME_BYTES: Final = SAMPLE_RATE_HZ * FRAME_MS // 1000 * 2


# The two that come fifty times a second are structs of C: a frozen dataclass takes ten
# times as long to make, and the garbage collector walks it.
class Encoded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """20 ms as the carrier sent them: G.711 bytes, 160 of them, with their place.

    Attributes:
        chunk: The carrier's running number of this frame, from 1.
        at_ms: The carrier's time of the first sample.
    """

    payload: bytes
    chunk: int
    at_ms: int


class Audio(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """20 ms of sound: 320 bytes of mono 16-bit little-endian PCM at 8 000 Hz."""

    pcm: bytes
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStarted:
    """The caller began to speak at `at_ms` (the onset, not when we noticed)."""

    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStopped:
    """The caller has been quiet for the whole pause.

    Attributes:
        at_ms: When the last speech was.
        decided_at_ms: When the pause was long enough.
    """

    at_ms: int
    decided_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BargeIn:
    """The caller speaks over us and means it."""

    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the ear made of one utterance.

    Attributes:
        text: The words, lower case; empty when nothing was understood.
        is_sure: Whether the ear vouches for the words.
        alternatives: Other readings, for the safety patterns only.
        is_lost: The ear failed: nobody knows what was said.
        started_at_ms: Onset of the utterance.
        stopped_at_ms: Its last speech.
        decided_at_ms: When the turn was judged to be over.
    """

    text: str
    is_sure: bool
    alternatives: tuple[str, ...] = ()
    is_lost: bool = False
    started_at_ms: int
    stopped_at_ms: int
    decided_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digit:
    """A key the caller pressed: one of ``0123456789*#``."""

    digit: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nobody has said anything for a while.

    Attributes:
        times: How often in a row, from 1.
    """

    times: int
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One sentence for the caller.

    Attributes:
        number: Running number of the sentence in this call, from 1.
        turn: The line's turn it answers; a sentence of an older turn is void.
        is_interruptible: False for what the law or safety wants heard to the end.
        is_disclosure: Part of the notice that must be heard before anything is kept.
        is_hold: Asks for a moment; it answers nothing.
    """

    text: str
    language: str
    number: int
    turn: int
    is_interruptible: bool = True
    is_disclosure: bool = False
    is_hold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Sound of a sentence, any length: PCM as in `Audio`.

    Attributes:
        is_last: No more sound of this sentence follows.
    """

    pcm: bytes
    saying: Saying
    is_last: bool


Frame = (
    Encoded
    | Audio
    | SpeechStarted
    | SpeechStopped
    | BargeIn
    | Heard
    | Digit
    | Silence
    | Saying
    | Spoken
)
