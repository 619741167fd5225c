"""Sockets of the carrier's media stream without a network: plain ASGI, in process."""

import asyncio
import base64
import json
from contextlib import asynccontextmanager
from typing import Any

from telephony.media import MediaStream
from telephony.media_desk import MediaDesk
from telephony.voice.frames import Encoded

SILENCE = base64.b64encode(b"\xff" * 160).decode()


class ToyLine:
    """Takes what a line takes, and says something once it is told to."""

    def __init__(self, out: Any) -> None:
        self.ended = ""
        self.frames: list[Encoded] = []
        self.echoes: list[str] = []
        self.keys: list[str] = []
        self.fault: Exception | None = None
        self.failure = asyncio.get_running_loop().create_future()
        self.out = out

    def take(self, frame: Encoded) -> None:
        self.frames.append(frame)

    def echoed(self, name: str) -> None:
        self.echoes.append(name)

    def press(self, digit: str) -> None:
        self.keys.append(digit)

    def tick(self) -> None:
        """Say nothing, or fail as told."""
        if self.fault is not None:
            raise self.fault

    def fail(self, error: Exception) -> None:
        self.failure.set_exception(error)


class ToySession:
    """A session around a toy line; keeps whether it was closed."""

    base_ms = 0

    def __init__(self, line: ToyLine) -> None:
        self.line = line
        self.is_closed = False

    async def run(self) -> None:
        await self.line.failure

    async def close(self) -> None:
        self.is_closed = True


class ToyBuilder:
    """Builds toy sessions and keeps them by the carrier's call id."""

    def __init__(self) -> None:
        self.sessions: dict[str, ToySession] = {}

    async def __call__(self, call: Any, *, encoding: str, out: Any) -> ToySession:
        session = ToySession(ToyLine(out))
        self.sessions[call.carrier_call_id] = session
        return session


class Socket:
    """One socket, from the carrier's end.

    Attributes:
        sent: What the product sent, in order.
        reads: Cleared: the product's `send` waits, as when nobody reads.
    """

    def __init__(self, stream: MediaStream, token: str) -> None:
        self.sent: list[dict[str, Any]] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self._to_product: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._to_product.put_nowait({"type": "websocket.connect"})
        scope = {"type": "websocket", "url_route": {"kwargs": {"token": token}}}
        self.serving = asyncio.create_task(
            stream(scope, self._to_product.get, self._take)
        )

    async def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.send":
            await self.reads.wait()
        self.sent.append(message)

    @property
    def is_accepted(self) -> bool:
        """Return whether the product took the socket."""
        return {"type": "websocket.accept"} in self.sent

    @property
    def code(self) -> int | None:
        """Return the code the product closed with, or None."""
        last = self.sent[-1] if self.sent else {}
        return last.get("code") if last.get("type") == "websocket.close" else None

    def say(self, text: str | bytes) -> None:
        """Send one message as it is."""
        kind = "text" if isinstance(text, str) else "bytes"
        self._to_product.put_nowait({"type": "websocket.receive", kind: text})

    def event(self, name: str, **parts: Any) -> None:
        """Send one of the carrier's messages."""
        self.say(json.dumps({"event": name, **parts}))

    def start(self, call_id: str, encoding: str = "PCMU", **form: Any) -> None:
        """Send the two messages a stream begins with."""
        media_format = {"encoding": encoding, "sample_rate": 8000, "channels": 1}
        start = {"call_control_id": call_id, "media_format": media_format | form}
        self.event("connected", version="1.0.0")
        self.event("start", start=start)

    def frame(self, chunk: object, payload: str = SILENCE, **more: Any) -> None:
        """Send 20 ms of sound."""
        media = {"payload": payload, "chunk": str(chunk), "timestamp": "0"} | more
        self.event("media", media={"track": "inbound"} | media)

    def leave(self) -> None:
        """Close from the carrier's end."""
        self._to_product.put_nowait({"type": "websocket.disconnect", "code": 1006})

    async def closed(self, *, within_s: float = 5) -> int | None:
        """Wait until the product is done with the socket; return the code."""
        async with asyncio.timeout(within_s):
            await self.serving
        return self.code

    async def until(self, is_so: Any, *, within_s: float = 5) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(within_s):
            while not is_so():  # noqa: ASYNC110 -- it tells nobody when it is
                await asyncio.sleep(0.005)


@asynccontextmanager
async def serving(desk: MediaDesk) -> Any:
    """Yield a stream endpoint and the builder behind it."""
    desk.metronome.start()
    builder = ToyBuilder()
    try:
        yield MediaStream(builder, desk), builder
    finally:
        desk.metronome.stop()
