"""Gives the caller's sound to the ear and its words to the line.

Sound goes to the ear only while the gate lets it be heard, from a little before the
onset on. The words of an utterance are asked for once it has ended.

Next: `telephony.voice.stages.take_turns`.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from telephony.voice.dialogue import Dialogue
from telephony.voice.frames import FRAME_MS, Audio, Heard, SpeechStarted, SpeechStopped
from telephony.voice.journal import Gate
from telephony.voice.ports import Hearing, Recognised, VoiceVendorError

# Onsets are noticed late and soft ones later: what came before belongs to the word.
PRE_ROLL_MS: Final = 300
# An ear is not an endless store: a caller who talks on is heard in pieces.
UTTERANCE_AT_MOST_MS: Final = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """An utterance that has ended.

    Attributes:
        is_void: It is no turn; the ear only has to forget it.
    """

    stopped: SpeechStopped
    started_at_ms: int
    is_void: bool = False


class Transcribe:
    """Feeds one call's ear; `handle` answers an `Utterance` with `Heard`."""

    name = "transcribe"

    def __init__(
        self,
        hearing: Hearing,
        *,
        gate: Gate,
        dialogue: Callable[[], Dialogue],
        emit: Callable[[Heard], None],
    ) -> None:
        """Listen with `hearing`; `dialogue` says what answer is expected."""
        self._hearing = hearing
        self._gate = gate
        self._dialogue = dialogue
        self._emit = emit
        self._before: deque[bytes] = deque(maxlen=PRE_ROLL_MS // FRAME_MS)
        self._started_at_ms: int | None = None
        self._fed_ms = 0

    def feed(self, frame: Audio) -> None:
        """Pass 20 ms to the ear, or keep them in case speech begins."""
        if not self._gate.may_hear:
            self._before.clear()
            return
        if self._started_at_ms is None:
            self._before.append(frame.pcm)
        else:
            self._fed_ms += FRAME_MS
            self._hearing.feed(frame.pcm)

    def start(self, frame: SpeechStarted) -> None:
        """Speech has begun: the ear gets what came just before, too."""
        if not self._gate.may_hear or self._started_at_ms is not None:
            return
        self._started_at_ms = frame.at_ms
        dialogue = self._dialogue()
        self._hearing.expect(dialogue.expecting, offered=dialogue.offered)
        self._fed_ms = len(self._before) * FRAME_MS
        if self._before:
            self._hearing.feed(b"".join(self._before))
            self._before.clear()

    @property
    def is_open(self) -> bool:
        """Return whether an utterance is being heard."""
        return self._started_at_ms is not None

    @property
    def is_full(self) -> bool:
        """Return whether the utterance is as long as an ear can hold."""
        return self._fed_ms >= UTTERANCE_AT_MOST_MS

    def stop(self) -> int | None:
        """End the utterance; return when it began, or None if it was not heard."""
        started_at_ms, self._started_at_ms = self._started_at_ms, None
        self._fed_ms = 0
        return started_at_ms

    async def handle(self, frame: Utterance) -> None:
        """Emit the words of the utterance."""
        dialogue = self._dialogue()
        is_lost = False
        try:
            words = await self._hearing.finish(
                dialogue.expecting, offered=dialogue.offered
            )
        except VoiceVendorError:
            # Not understood is something the conversation can deal with; silence not.
            words = Recognised(text="", is_sure=False)
            is_lost = True
        if frame.is_void:
            return
        self._emit(
            Heard(
                text=words.text,
                is_sure=words.is_sure,
                alternatives=words.alternatives,
                is_lost=is_lost,
                started_at_ms=frame.started_at_ms,
                stopped_at_ms=frame.stopped.at_ms,
                decided_at_ms=frame.stopped.decided_at_ms,
            )
        )
