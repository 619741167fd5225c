"""The person on the telephone: what they say, when they say it, when they hang up.

Knows no network. Each call of `next_frame` is 20 ms.
"""

import wave
from collections import deque
from pathlib import Path
from typing import Final

import numpy as np

from tests.fakes.telnyx.g711 import is_loud

RATE_HZ: Final = 8_000
FRAME_BYTES: Final = 320
TICK_S: Final = 0.02
SILENCE: Final = bytes(FRAME_BYTES)


def read_wav(path: Path) -> bytes:
    """Return mono 16-bit 8 kHz sound.

    Raises:
        ValueError: If the file is anything else.
    """
    with wave.open(str(path), "rb") as file:
        form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
        if form != (1, 2, RATE_HZ):
            raise ValueError(f"{path.name} is not mono 16-bit sound at 8 kHz")
        return file.readframes(file.getnframes())


def split(pcm: bytes, *, gap_s: float = 0.9) -> list[bytes]:
    """Return the utterances of a script, cut where it is quiet for long."""
    pieces: list[bytes] = []
    start, last = None, 0
    for at in range(0, len(pcm), FRAME_BYTES):
        if is_loud(pcm[at : at + FRAME_BYTES]):
            start = at if start is None else start
            last = at + FRAME_BYTES
        elif start is not None and at - last >= gap_s * RATE_HZ * 2:
            pieces.append(pcm[start:last])
            start = None
    if start is not None:
        pieces.append(pcm[start:last])
    return pieces


class Caller:
    """Says its utterances one after the other.

    Args:
        takes_turns: Wait until the agent has spoken and then been quiet for `gap_s`;
            otherwise say everything in one go.
        waits_for_greeting: Let the agent speak first.
        patience_s: Speak anyway when the agent says nothing for so long.
        hangs_up: Leave `tail_s` after the last word once the agent is quiet.
    """

    def __init__(
        self,
        utterances: list[bytes] | None = None,
        *,
        takes_turns: bool = True,
        waits_for_greeting: bool = True,
        gap_s: float = 1.0,
        patience_s: float = 12.0,
        tail_s: float = 3.0,
        hangs_up: bool = True,
    ) -> None:
        self._waiting: deque[bytes] = deque(utterances or [])
        self._speaking = b""
        self._takes_turns = takes_turns
        self._gap_s = gap_s
        self._patience_s = patience_s
        self._tail_s = tail_s
        self.hangs_up = hangs_up
        self._my_turn = not waits_for_greeting
        self._waited_s = 0.0
        self._done_s = 0.0
        self.agent_quiet_s = 0.0
        self.agent_spoke = False
        self.said = 0

    def say(self, pcm: bytes) -> None:
        """Add an utterance to be said at the next good moment."""
        self._waiting.append(pcm)

    @property
    def is_idle(self) -> bool:
        """Return whether everything has been said."""
        return not self._speaking and not self._waiting

    @property
    def is_listening(self) -> bool:
        """Return whether it is this caller's turn with nothing left to say."""
        return self.is_idle and self._my_turn and self.agent_quiet_s >= self._gap_s

    @property
    def wants_to_leave(self) -> bool:
        """Return whether the caller would hang up now."""
        quiet = self.agent_quiet_s >= 0.5
        return self.hangs_up and self._done_s >= self._tail_s and quiet

    def next_frame(self) -> bytes:
        """Return the next 20 ms of this caller, silence when there is nothing."""
        if not self._speaking and self._waiting and self._may_begin():
            self._speaking = self._waiting.popleft()
            self._waited_s = 0.0
            self.said += 1
        frame = self._speaking[:FRAME_BYTES].ljust(FRAME_BYTES, b"\0")
        if self._speaking:
            self._speaking = self._speaking[FRAME_BYTES:]
            if not self._speaking and self._takes_turns:
                self._my_turn, self.agent_quiet_s = False, 0.0
        self._done_s = self._done_s + TICK_S if self.is_idle else 0.0
        return frame

    def hear(self, pcm: bytes) -> None:
        """Take in 20 ms of what the other side says."""
        if is_loud(pcm):
            self.agent_spoke = self._my_turn = True
            self.agent_quiet_s = 0.0
        else:
            self.agent_quiet_s += TICK_S

    def _may_begin(self) -> bool:
        if not self._takes_turns:
            return True
        self._waited_s += TICK_S
        ready = self._my_turn and self.agent_quiet_s >= self._gap_s
        return ready or self._waited_s > self._patience_s


def tone(*, seconds: float, hz: float = 440.0, size: int = 8_000) -> bytes:
    """Return a plain tone, for tests that need sound and not words."""
    at = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return (np.sin(at * 2 * np.pi * hz) * size).astype("<i2").tobytes()
