"""The carrier's end of a media stream: one frame each 20 ms, both ways on one clock.

Source:
    Telnyx, "Stream call media over WebSocket" (AsyncAPI, read 2026-11).
"""

import asyncio
import base64
import binascii
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.fakes.telnyx.caller import FRAME_BYTES, SILENCE, TICK_S, Caller
from tests.fakes.telnyx.g711 import LAWS, is_loud
from tests.fakes.telnyx.webhooks import now_text

FRAME_CODES: Final = 160
LONGEST_S: Final = 30
TOKEN_HEADER: Final = "x-telnyx-streaming-auth-token"


@dataclass(slots=True)
class Played:
    """What went over one stream, seen from the carrier.

    Attributes:
        heard: PCM that the caller heard, from the first tick on.
        said: PCM that the caller said, on the same clock.
        cleared_ms: When the product emptied the queue.
        marks: Names in the order they were echoed.
    """

    heard: bytearray = field(default_factory=bytearray)
    said: bytearray = field(default_factory=bytearray)
    frames_in: int = 0
    frames_out: int = 0
    cleared_ms: list[int] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    first_sound_ms: int | None = None
    late_ms: float = 0.0
    closed_by_product: bool = False


class MediaStream:
    """One stream of one call.

    Args:
        start: The ``start`` object of the protocol, without the media format.
        wish: The body of the command that asked for the stream.
        swap: Send every so many-th pair of frames in the wrong order; 0 for never.
    """

    def __init__(
        self,
        *,
        stream_id: str,
        start: dict[str, Any],
        wish: dict[str, Any],
        caller: Caller,
        digits: list[tuple[float, str]],
        swap: int = 0,
    ) -> None:
        codec = wish.get("stream_codec", "default")
        self._law = LAWS["PCMU" if codec == "default" else codec]
        self._back = LAWS[wish.get("stream_bidirectional_codec", "PCMU")]
        self._is_two_way = wish.get("stream_bidirectional_mode") == "rtp"
        self.wish = wish
        self.stream_id = stream_id
        self._start = start
        self._caller = caller
        self._digits = deque(sorted(digits))
        self._swap = swap
        self._queue: deque[bytes | str] = deque()
        self._held: str | None = None
        self._number = 0
        self.tick = 0
        self.played = Played()
        self.problems: list[str] = []

    async def run(self, *, is_over: Callable[[], bool], longest_s: float) -> None:
        """Connect, talk until the call is over or the caller leaves, and say stop.

        Raises:
            OSError: If nobody answers at the address.
            websockets.InvalidHandshake: If the product refuses the stream.
        """
        token = self.wish.get("stream_auth_token")
        headers = {TOKEN_HEADER: token} if token else {}
        async with connect(
            self.wish["stream_url"], additional_headers=headers, open_timeout=5
        ) as socket:
            await socket.send(
                json.dumps({"event": "connected", "version": "1.0.0", **headers})
            )
            form = {"encoding": self._law.name, "sample_rate": 8000, "channels": 1}
            await self._send(
                socket, "start", start={**self._start, "media_format": form}
            )
            listening = asyncio.create_task(self._listen(socket))
            try:
                await self._talk(socket, is_over=is_over, longest_s=longest_s)
                await self._send(socket, "stop", stop=self._stop())
            except ConnectionClosed:
                self.played.closed_by_product = True
            finally:
                listening.cancel()

    def _stop(self) -> dict[str, Any]:
        return {key: self._start[key] for key in ("user_id", "call_control_id")}

    async def _talk(
        self, socket: ClientConnection, *, is_over: Callable[[], bool], longest_s: float
    ) -> None:
        began = time.monotonic()
        while not is_over():
            due = self.tick * TICK_S
            ahead = due - (time.monotonic() - began)
            if ahead > 0:
                await asyncio.sleep(ahead)
            else:
                self.played.late_ms = max(self.played.late_ms, -ahead * 1000)
            await self._one_tick(socket)
            self.tick += 1
            if due > longest_s or (self._caller.wants_to_leave and not self._digits):
                return

    async def _one_tick(self, socket: ClientConnection) -> None:
        frame = self._caller.next_frame()
        self.played.said += frame
        await self._send_media(socket, frame)
        heard = await self._play(socket)
        self.played.heard += heard
        self._caller.hear(heard)
        if self.played.first_sound_ms is None and is_loud(heard):
            self.played.first_sound_ms = self.tick * 20
        while self._digits and self._digits[0][0] <= self.tick * TICK_S:
            _, digit = self._digits.popleft()
            await self._send(
                socket, "dtmf", occurred_at=now_text(), dtmf={"digit": digit}
            )

    async def _send_media(self, socket: ClientConnection, frame: bytes) -> None:
        media = {
            "track": "inbound",
            "chunk": str(self.tick + 1),
            "timestamp": str(self.tick * 20),
            "payload": base64.b64encode(self._law.encode(frame)).decode(),
        }
        message = self._message("media", media=media)
        self.played.frames_out += 1
        if self._swap and self._held is None and (self.tick + 1) % self._swap == 0:
            self._held = message
            return
        await socket.send(message)
        if self._held is not None:
            await socket.send(self._held)
            self._held = None

    async def _play(self, socket: ClientConnection) -> bytes:
        out = bytearray()
        while self._queue and len(out) < FRAME_BYTES:
            head = self._queue.popleft()
            if isinstance(head, str):
                await self._echo(socket, head)
                continue
            need = FRAME_BYTES - len(out)
            out += head[:need]
            if len(head) > need:
                self._queue.appendleft(head[need:])
        while self._queue and isinstance(self._queue[0], str):
            await self._echo(socket, str(self._queue.popleft()))
        return bytes(out).ljust(FRAME_BYTES, b"\0") if out else SILENCE

    async def _listen(self, socket: ClientConnection) -> None:
        async for raw in socket:
            try:
                message = json.loads(raw)
                await self._take(socket, message["event"], message)
            except (ValueError, KeyError, TypeError, binascii.Error):
                self.problems.append("the product sent a message that is none")
                error = {"code": 100003, "title": "malformed_frame", "detail": ""}
                await socket.send(json.dumps({"event": "error", "payload": error}))

    async def _take(
        self, socket: ClientConnection, kind: str, message: dict[str, Any]
    ) -> None:
        if kind == "media":
            payload = base64.b64decode(message["media"]["payload"], validate=True)
            self._take_sound(payload)
        elif kind == "mark":
            name = str(message["mark"]["name"])
            if self._queue:
                self._queue.append(name)
            else:
                await self._echo(socket, name)
        elif kind == "clear":
            self.played.cleared_ms.append(self.tick * 20)
            marks = [item for item in self._queue if isinstance(item, str)]
            self._queue.clear()
            for name in marks:
                await self._echo(socket, name)
        else:
            raise KeyError(kind)

    def _take_sound(self, payload: bytes) -> None:
        if not self._is_two_way:
            self.problems.append(
                "sound came back, but not in rtp mode: nobody hears it"
            )
            return
        if not FRAME_CODES <= len(payload) <= LONGEST_S * 8000:
            self.problems.append(f"{len(payload)} bytes are not 20 ms to 30 s of sound")
        self.played.frames_in += 1
        self._queue.append(self._back.decode(payload))

    async def _echo(self, socket: ClientConnection, name: str) -> None:
        self.played.marks.append(name)
        await self._send(socket, "mark", mark={"name": name})

    async def _send(self, socket: ClientConnection, kind: str, **parts: Any) -> None:
        await socket.send(self._message(kind, **parts))

    def _message(self, kind: str, **parts: Any) -> str:
        self._number += 1
        return json.dumps(
            {
                "event": kind,
                "sequence_number": str(self._number),
                "stream_id": self.stream_id,
                **parts,
            }
        )
