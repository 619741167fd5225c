"""The carrier's media stream: a plain ASGI endpoint, one call a socket.

The token in the address is traded for its call before the socket is accepted; the
first message must name that call. From then on each message is one direct call into the
line. No database and no other blocking work happens on this loop.

Next: `sondervoice.voice_line`, then `telephony.voice.line`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from telephony.carrier.telnyx.media import (
    KEYPAD,
    Connected,
    Echo,
    KeyPressed,
    MediaFrame,
    Message,
    MessageRefusedError,
    Started,
    Stopped,
    encoding_of,
    read_frame,
    read_message,
)
from telephony.errors import StreamTokenRefusedError
from telephony.media_desk import MediaDesk
from telephony.media_out import Outbox, UnreadOutputError
from telephony.services.keep_line import ENDINGS_OF_OURS
from telephony.services.open_stream import OpenedCall
from telephony.voice.line import Line

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

START_WITHIN_S: Final = 5.0
SILENT_AT_MOST_S: Final = 10.0
MESSAGE_BYTES_AT_MOST: Final = 64 * 1024
# The carrier sends 50 a second; keys and echoes come on top, and a stall comes at once.
MESSAGES_A_SECOND: Final = 100
MESSAGES_AT_ONCE: Final = 1_000
CARRIER_ENDS_WITHIN_S: Final = 10.0
NOT_YOURS: Final = 4403
GARBLED: Final = 1003
OVER_LIMIT: Final = 1008


class StreamRefusedError(Exception):
    """The socket is closed with this code, before or after it was accepted."""

    def __init__(self, code: int) -> None:
        """Name the close code."""
        super().__init__(code)
        self.code = code


class Session(Protocol):
    """A call's line and what writes for it.

    Attributes:
        base_ms: Added to the carrier's times to make them the call's.
    """

    line: Line
    base_ms: int

    async def run(self) -> None:
        """Run the line until it fails or is cancelled."""

    async def close(self) -> None:
        """Give back what is shared and see everything written."""


class BuildLine(Protocol):
    """Builds the session of a call; see `sondervoice.voice_line`."""

    async def __call__(
        self, call: OpenedCall, *, encoding: str, out: Outbox
    ) -> Session:
        """Return the session, ready to run."""


class MediaStream:
    """The endpoint; `build_line` is injected so that telephony knows no vendor."""

    public_because = "the one-time token in the address"

    def __init__(self, build_line: BuildLine, desk: MediaDesk) -> None:
        """Serve calls with lines of `build_line`; `desk` speaks to the database."""
        self._build_line = build_line
        self._desk = desk

    async def __call__(
        self, scope: dict[str, Any], receive: Receive, send: Send
    ) -> None:
        """Serve one socket."""
        await receive()
        token = scope["url_route"]["kwargs"]["token"]
        try:
            with self._desk.place():
                call = await self._desk.open(token)
                await send({"type": "websocket.accept"})
                code = await self._hold(call, receive, send)
        except StreamTokenRefusedError:
            logger.warning("stream refused", extra={"code": "token"})
            code = NOT_YOURS
        # One that does not read may keep us waiting here, but no longer its place.
        await send({"type": "websocket.close", "code": code})

    async def _hold(self, call: OpenedCall, receive: Receive, send: Send) -> int:
        """Hold the call until its line or its socket ends; return the close code."""
        try:
            with self._desk.heartbeats.hold(call) as must_end:
                await self._serve(call, receive, send, must_end)
        except StreamRefusedError as refusal:
            logger.warning("stream closed", extra={"code": refusal.code})
            return refusal.code
        return 1000

    async def _serve(
        self,
        call: OpenedCall,
        receive: Receive,
        send: Send,
        must_end: asyncio.Future[str],
    ) -> None:
        started = await _wait_for_start(receive)
        if started.start.call_control_id != call.carrier_call_id:
            raise StreamRefusedError(NOT_YOURS)
        try:
            encoding = encoding_of(started)
        except MessageRefusedError:
            raise StreamRefusedError(GARBLED) from None
        await self._desk.burn(call)
        out = Outbox()
        session = await self._build_line(call, encoding=encoding, out=out)
        number = self._desk.metronome.join(session.line.tick, failed=session.line.fail)
        try:
            how = await _converse(session, out, receive, send, must_end)
        finally:
            self._desk.metronome.leave(number)
            await session.close()
        await self._desk.end(call, how, within_s=CARRIER_ENDS_WITHIN_S)
        if how in ENDINGS_OF_OURS:
            await _let_carrier_end(receive)


async def _converse(
    session: Session,
    out: Outbox,
    receive: Receive,
    send: Send,
    must_end: asyncio.Future[str],
) -> str:
    """Run the line, the reader and the writer until one of them is done."""
    running = asyncio.create_task(session.run())
    patience = _Patience(asyncio.get_running_loop().time())
    reading = asyncio.create_task(_read(session, receive, patience))
    waiting = asyncio.create_task(_wait_for_silence(patience))
    writing = asyncio.create_task(out.run(send))
    ours = (running, reading, writing, waiting)
    try:
        any_of: set[asyncio.Future[Any]] = {*ours, must_end}
        await asyncio.wait(any_of, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in ours:
            task.cancel()
        results = await asyncio.gather(*ours, return_exceptions=True)
        if patience.unheeded:
            logger.info("messages not heeded", extra={"count": patience.unheeded})
    if must_end.done():
        return must_end.result()
    return _how_it_ended(session.line, results)


def _how_it_ended(line: Line, results: Sequence[BaseException | None]) -> str:
    for result in results:
        if isinstance(result, StreamRefusedError):
            raise result
        if isinstance(result, UnreadOutputError):
            raise StreamRefusedError(OVER_LIMIT)
    for result in results:
        if isinstance(result, OSError):
            # The carrier has gone while we were sending: an ordinary end.
            continue
        if isinstance(result, Exception):
            # Text stays out of the log; the kind and the place say enough.
            logger.error("line failed", exc_info=result)
            return "failed"
    return line.ended or "gone"


@dataclass(slots=True)
class _Patience:
    """When the carrier was last heard of, by the loop's clock.

    Attributes:
        unheeded: How many messages said nothing to us.
    """

    heard_at: float
    unheeded: int = 0


async def _wait_for_silence(patience: _Patience) -> None:
    """Refuse a socket that has said nothing for ten seconds."""
    loop = asyncio.get_running_loop()
    while True:
        quiet_s = loop.time() - patience.heard_at
        if quiet_s >= SILENT_AT_MOST_S:
            raise StreamRefusedError(OVER_LIMIT)
        await asyncio.sleep(SILENT_AT_MOST_S - quiet_s)


async def _read(session: Session, receive: Receive, patience: _Patience) -> None:
    """Pass messages into the line until it ends or the carrier goes."""
    loop = asyncio.get_running_loop()
    allowed, seen_at = float(MESSAGES_AT_ONCE), loop.time()
    while not session.line.ended:
        # No timeout here: it would cost a task and a timer for every 20 ms of sound.
        message = await receive()
        now = patience.heard_at = loop.time()
        allowed = min(MESSAGES_AT_ONCE, allowed + (now - seen_at) * MESSAGES_A_SECOND)
        seen_at = now
        allowed -= 1
        if allowed < 0:
            raise StreamRefusedError(OVER_LIMIT)
        if message["type"] == "websocket.disconnect":
            return
        if not _pass_on(session, _parse(message), patience):
            return


def _pass_on(session: Session, message: Message, patience: _Patience) -> bool:
    """Give one message to the line; return whether the stream goes on."""
    line = session.line
    if isinstance(message, MediaFrame):
        frame = read_frame(message, base_ms=session.base_ms)
        if frame is not None:
            line.take(frame)
    elif isinstance(message, Echo):
        line.echoed(message.mark.name)
    elif isinstance(message, KeyPressed) and message.dtmf.digit in KEYPAD:
        line.press(message.dtmf.digit)
    elif isinstance(message, Stopped):
        line.has_caller_left = True
        return False
    elif isinstance(message, Started):
        raise StreamRefusedError(GARBLED)
    else:
        patience.unheeded += 1
    return True


async def _let_carrier_end(receive: Receive) -> None:
    """Keep the socket until the carrier has done what we asked, within ten seconds.

    Closed earlier, the stream would look broken while the call is still being ended.
    """
    try:
        async with asyncio.timeout(CARRIER_ENDS_WITHIN_S):
            while True:
                message = await receive()
                if message["type"] == "websocket.disconnect":
                    return
                if isinstance(_parse(message), Stopped):
                    return
    except TimeoutError:
        return


async def _wait_for_start(receive: Receive) -> Started:
    try:
        async with asyncio.timeout(START_WITHIN_S):
            while True:
                message = await receive()
                if message["type"] == "websocket.disconnect":
                    raise StreamRefusedError(1000)
                parsed = _parse(message)
                if isinstance(parsed, Started):
                    return parsed
                if not isinstance(parsed, Connected):
                    raise StreamRefusedError(GARBLED)
    except TimeoutError:
        raise StreamRefusedError(OVER_LIMIT) from None


def _parse(message: dict[str, Any]) -> Message:
    text = message.get("text") or message.get("bytes") or b""
    if len(text) > MESSAGE_BYTES_AT_MOST:
        raise StreamRefusedError(1009)
    try:
        return read_message(text)
    except MessageRefusedError:
        raise StreamRefusedError(GARBLED) from None
