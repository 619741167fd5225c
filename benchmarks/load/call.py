"""One call of the load: sends its frames, plays what comes back, and takes notes."""

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from benchmarks.load.sound import NUMBER_OF, PAYLOAD_CHARACTERS, TAG, TAGS, Cycle
from benchmarks.load.websocket import (
    CLOSE,
    PING,
    PONG,
    TEXT,
    Unpacker,
    handshake,
    pack,
)

FRAME_S: Final = 0.020
# A line may be so many frames ahead of what is heard.
_AHEAD: Final = 3
_TAIL: Final = PAYLOAD_CHARACTERS + len('"}}')
_TAG_END: Final = _TAIL - 4


@dataclass(slots=True)
class Notes:
    """What was seen since notes were begun; times in seconds.

    Attributes:
        echo_s: From a frame's way out to its way back, where frames come back.
        late_s: How much later than its place in a sentence a frame came.
        answer_s: From the last frame of speech to the first of the answer.
        slips: Frames that came when there was nothing left to play.
    """

    sent: int = 0
    received: int = 0
    slips: int = 0
    clears: int = 0
    strange: int = 0
    echo_s: list[float] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)
    answer_s: list[float] = field(default_factory=list)


class Call:
    """One socket; the run calls `send_frame` when due and `read` when there is more.

    Attributes:
        is_open: The stream was accepted; frames may go.
        is_lost: The other side closed it.
        opened_at: When frame 1 was due.
        answers: When each answer's first frame came.
    """

    def __init__(
        self,
        wanted: dict[str, str],
        *,
        port: int,
        cycle: Cycle,
        first: int,
        notes: Notes,
        later: Callable[[float, Callable[[], None]], None],
    ) -> None:
        """Knock at the server.

        Args:
            wanted: `path`, and `call_control_id` for the start message.
            first: Where in the cycle this caller begins.
            later: Calls something at an instant.
        """
        self.is_open = False
        self.is_lost = False
        self.opened_at = 0.0
        self.answers: list[float] = []
        self.notes = notes
        self._wanted, self._cycle, self._later = wanted, cycle, later
        self._place = first
        self._chunk = 0
        self._sent_at: dict[int, float] = {}
        self._playing_until = 0.0
        self._burst_began = 0.0
        self._burst = 0
        self._in_burst = False
        self._speech_ended: float | None = None
        self._unpacker = Unpacker()
        self._greeting = b""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(handshake(wanted["path"], f"127.0.0.1:{port}"))
        self.socket.settimeout(0)

    def send_frame(self, due: float) -> None:
        """Send the 20 ms that are due."""
        if self._chunk == 0:
            self.opened_at = due
        number = self._chunk % TAGS
        self._chunk = chunk = self._chunk + 1
        text = (
            b'{"event":"media","sequence_number":"%d","stream_id":"%s","media":'
            b'{"track":"inbound","chunk":"%d","timestamp":"%d","payload":"%s%s"}}'
            % (
                chunk + 1,
                b"32de0dea-53cb-4b21-89a4-9e1819c043bc",
                chunk,
                chunk * 20 - 20,
                TAG[number],
                self._cycle.rests[self._place],
            )
        )
        now = perf_counter()
        self._sent_at[number] = now
        self._write(pack(TEXT, text))
        self.notes.sent += 1
        self._place += 1
        if self._place == self._cycle.speech:
            self._speech_ended = now
        elif self._place == len(self._cycle.rests):
            self._place = 0

    def read(self) -> None:
        """Take what has come."""
        data = self._received()
        if not self.is_open:
            data = self._accepted(data)
        now = perf_counter()
        for kind, body in self._unpacker.feed(data):
            if kind == TEXT:
                self._take(body, now)
            elif kind == PING:
                self._write(pack(PONG, body))
            elif kind == CLOSE:
                self.is_lost = True

    def close(self) -> None:
        """End the stream as the carrier does when the caller hangs up."""
        if not self.is_lost:
            self._say({"event": "stop", "stream_id": "s", "stop": {}})
        self.socket.close()

    def _received(self) -> bytes:
        try:
            data = self.socket.recv(65_536)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        self.is_lost = not data
        return data

    def _accepted(self, data: bytes) -> bytes:
        """Return what follows the server's yes, once it is complete."""
        self._greeting += data
        head, found, rest = self._greeting.partition(b"\r\n\r\n")
        if not found:
            return b""
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(f"refused: {head[:80]!r}")
        self.is_open = True
        self._say({"event": "connected", "version": "1.0.0"})
        form = {"encoding": "PCMU", "sample_rate": 8000, "channels": 1}
        control_id = self._wanted["call_control_id"]
        start = {"call_control_id": control_id, "media_format": form}
        self._say({"event": "start", "stream_id": "s", "start": start})
        return rest

    def _say(self, message: dict[str, Any]) -> None:
        self._write(pack(TEXT, json.dumps(message).encode()))

    def _write(self, data: bytes) -> None:
        try:
            self.socket.sendall(data)
        except OSError:
            self.is_lost = True

    def _take(self, text: bytes, now: float) -> None:
        if b'"media"' in text[:24]:
            self.notes.received += 1
            sent_at = self._sent_at.pop(NUMBER_OF.get(text[-_TAIL:-_TAG_END], -1), None)
            if sent_at is not None:
                self.notes.echo_s.append(now - sent_at)
            self._play(now)
        elif b'"mark"' in text[:24]:
            self._in_burst = False
            name = json.loads(text)["mark"]["name"]
            self._later(self._playing_until, lambda: self._echo(name))
        elif b'"clear"' in text:
            self.notes.clears += 1
            self._in_burst = False
            self._playing_until = now
        else:
            self.notes.strange += 1

    def _play(self, now: float) -> None:
        if not self._in_burst:
            self._in_burst, self._burst, self._burst_began = True, 0, now
            self.answers.append(now)
            if self._speech_ended is not None:
                self.notes.answer_s.append(now - self._speech_ended)
                self._speech_ended = None
        else:
            self._burst += 1
            due = self._burst_began + max(0, self._burst - _AHEAD) * FRAME_S
            self.notes.late_s.append(now - due)
            self.notes.slips += now > self._playing_until
        self._playing_until = max(self._playing_until, now) + FRAME_S

    def _echo(self, name: str) -> None:
        self._say({"event": "mark", "stream_id": "s", "mark": {"name": name}})
