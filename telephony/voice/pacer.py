"""Sends our sound at the speed it is heard, and knows what has been heard of it.

The carrier plays what it has; we stay three frames ahead, so that jitter is not heard
and little is lost when the caller speaks over us.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from telephony.voice.frames import FRAME_MS, Encoded, Frame, Saying, Spoken
from telephony.voice.journal import HowHeard

AHEAD_MS: Final = 60
# A carrier that does not echo a mark this long after the sound's end did not play it.
ECHO_AT_MOST_MS: Final = 5_000


class ToCarrier(Protocol):
    """The way out of the line; each call returns at once."""

    def media(self, payload: bytes) -> None:
        """Send 20 ms of G.711."""

    def mark(self, name: str) -> None:
        """Ask for an echo once everything before has been played."""

    def clear(self) -> None:
        """Have the carrier drop what it has not played."""


@dataclass(slots=True)
class _Sentence:
    saying: Saying
    starts_ms: int
    ends_ms: int
    is_complete: bool = False


Ended = Callable[[Saying, int, HowHeard, float], None]
Began = Callable[[Saying, int], None]
Sent = Callable[[bytes, int], None]


class Pacer:
    """One call's way out: frames at 20 ms, a mark behind each sentence."""

    def __init__(
        self,
        out: ToCarrier,
        *,
        now_ms: Callable[[], int],
        began: Began,
        ended: Ended,
        sent: Sent,
    ) -> None:
        """Send to `out`.

        Args:
            began: Called with a sentence and when its first sound will be heard.
            ended: Called once a sentence: how it was heard, and which share of it.
            sent: Called with each frame and when it will be heard.
        """
        self._out = out
        self._now_ms = now_ms
        self._began, self._ended, self._sent = began, ended, sent
        self._queue: deque[tuple[bytes, Saying]] = deque()
        self._open: dict[str, _Sentence] = {}
        self._playing_until_ms = 0
        self._current: Saying | None = None

    @property
    def is_idle(self) -> bool:
        """Return whether all that was said has been heard, or will not be."""
        return not self._queue and not self._open

    def speaking(self) -> Saying | None:
        """Return the sentence the caller hears now, or None."""
        if not self._queue and self._playing_until_ms <= self._now_ms():
            return None
        return self._current

    def push(self, frame: Frame, saying: Saying) -> None:
        """Take an encoded frame, or the empty `Spoken` that ends a sentence."""
        if isinstance(frame, Encoded):
            self._queue.append((frame.payload, saying))
        elif isinstance(frame, Spoken):
            self._queue.append((b"", saying))
        self.tick()

    def tick(self) -> None:
        """Send what is due; called at each beat, most of which find nothing to do."""
        if not self._queue and not self._open:
            return
        now = self._now_ms()
        if self._queue:
            self._playing_until_ms = max(self._playing_until_ms, now)
            while self._queue and self._playing_until_ms - now < AHEAD_MS:
                self._send_next()
        if self._open:
            self._give_up_echoes(now)

    def echoed(self, name: str) -> None:
        """The carrier has played everything before this mark."""
        sentence = self._open.pop(name, None)
        if sentence is not None:
            self._ended(sentence.saying, self._now_ms(), HowHeard.FULL, 1.0)

    def clear(self) -> None:
        """Drop what has not been heard, here and at the carrier."""
        now = self._now_ms()
        rest = len(self._queue)
        self._queue.clear()
        self._out.clear()
        self._playing_until_ms = now
        cut, self._open = list(self._open.values()), {}
        for sentence in cut:
            self._cut(sentence, now, rest)

    def _cut(self, sentence: _Sentence, now: int, rest: int) -> None:
        """Settle a sentence by the clock: after `clear` an echo proves nothing."""
        length = max(1, sentence.ends_ms - sentence.starts_ms + rest * FRAME_MS)
        share = min(1.0, max(0.0, (now - sentence.starts_ms) / length))
        if sentence.is_complete and sentence.ends_ms <= now:
            self._ended(sentence.saying, now, HowHeard.FULL, 1.0)
        elif share > 0:
            self._ended(sentence.saying, now, HowHeard.PART, share)
        else:
            self._ended(sentence.saying, now, HowHeard.NONE, 0.0)

    def _send_next(self) -> None:
        payload, saying = self._queue.popleft()
        name = _mark_name(saying)
        sentence = self._open.get(name)
        if sentence is None:
            starts = self._playing_until_ms
            sentence = _Sentence(saying, starts, starts)
            self._open[name] = sentence
            self._began(saying, starts)
        # A sentence may go on after another was put in while its sound was late.
        self._current = saying
        if payload:
            self._out.media(payload)
            self._sent(payload, self._playing_until_ms)
            self._playing_until_ms += FRAME_MS
            sentence.ends_ms = self._playing_until_ms
        else:
            sentence.is_complete = True
            self._out.mark(name)

    def _give_up_echoes(self, now: int) -> None:
        lost = [
            name
            for name, sentence in self._open.items()
            if sentence.is_complete and now - sentence.ends_ms > ECHO_AT_MOST_MS
        ]
        for name in lost:
            self._ended(self._open.pop(name).saying, now, HowHeard.NONE, 0.0)


def _mark_name(saying: Saying) -> str:
    return f"s-{saying.number}"
