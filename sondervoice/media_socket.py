"""uvicorn's WebSocket for the media process: frames cut and joined by `picows`, in C.

uvicorn's own protocols cut frames in Python and stop and start reading around each
message: at 50 messages a second from each call that is most of a frame's processor
time. This one reads ahead by a bounded number of messages instead. To the application
it is the same ASGI; `--ws=sondervoice.media_socket:MediaSocket` puts it in.

Next: `sondervoice.media_process`.
"""

import asyncio
import logging
from collections import deque
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import unquote

from picows import (
    WSAutoPingStrategy,
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
)
from picows.picows import WSProtocol  # type: ignore[attr-defined]
from uvicorn.config import Config
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.server import ServerState

# Its lines stay below: an address holds a one-time token.
logger = logging.getLogger("sondervoice.media_socket")
_its_logger = logging.getLogger("picows")

# Two seconds of a call's sound may wait for a busy loop; then the socket is not read.
READ_AHEAD_AT_MOST: Final = 100
# Nothing may be sent before we have answered the handshake; a little is forgiven.
EARLY_BYTES_AT_MOST: Final = 64 * 1024
CLOSES_WITHIN_S: Final = 10.0
# No carrier cuts 20 ms into pieces; without a limit empty ones would keep us busy.
PARTS_AT_MOST: Final = 16
INVALID_TEXT: Final = 1007
TOO_BIG: Final = 1009
_VERSION: Final = b"13"
_PARTS: Final = (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION)

Event = dict[str, Any]


class MediaSocket(asyncio.Protocol):
    """One connection from its handshake on, as uvicorn asks for it."""

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any]
    ) -> None:
        """Belong to a server."""
        self._config = config
        self._server = server_state
        self._app_state = app_state
        self._loop = asyncio.get_running_loop()
        self._request = b""
        self._early = b""
        self._is_answered = False
        self._frames = _Frames(most_bytes=config.ws_max_size)
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection over from uvicorn's HTTP."""
        self._transport = cast("asyncio.Transport", transport)
        self._server.connections.add(self)  # type: ignore[arg-type]
        self._frames.closed = self._let_go

    def data_received(self, data: bytes) -> None:
        """Take the handshake, which uvicorn hands over whole; run the application."""
        if self._request:
            self._early += data
            if len(self._early) > EARLY_BYTES_AT_MOST:
                self._transport.abort()
            return
        self._request = data
        target, headers = _read_request(data)
        if (
            headers.get(b"sec-websocket-version") != _VERSION
            or b"sec-websocket-key" not in headers
        ):
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        task = self._loop.create_task(self._run(self._scope(target, headers)))
        task.add_done_callback(self._server.tasks.discard)
        self._server.tasks.add(task)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the application that nobody is there; before the handshake only."""
        del exc
        self._is_answered = True
        self._let_go()
        self._frames.lost(1006)

    def shutdown(self) -> None:
        """Say goodbye when the server stops."""
        if not self._is_answered:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._frames.lost(1012)
        self._close(1012)

    def _let_go(self) -> None:
        self._server.connections.discard(self)

    async def _run(self, scope: Event) -> None:
        try:
            await self._config.loaded_app(scope, self._frames.receive, self._send)
        except ClientDisconnected:
            pass
        # The server's guard: one broken connection must not take the process along.
        except Exception:
            logger.exception("media application failed")
        if not self._is_answered:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR)
        else:
            self._close(1011)

    async def _send(self, message: Event) -> None:
        """Do what the application asks (ASGI `send`)."""
        kind = message["type"]
        if kind == "websocket.accept" and self._frames.is_over:
            # Gone while the application was thinking about it.
            raise ClientDisconnected
        if kind == "websocket.send" and self._is_answered:
            await self._frames.send(message)
        elif kind == "websocket.accept" and not self._is_answered:
            self._accept()
        elif kind == "websocket.close":
            if self._is_answered:
                self._close(message.get("code", 1000))
            else:
                self._refuse(HTTPStatus.FORBIDDEN)
        else:
            raise RuntimeError(f"{kind} is not expected now")

    def _accept(self) -> None:
        """Hand the connection over to `picows`, the handshake first."""
        if self._transport.is_closing():
            raise ClientDisconnected
        self._is_answered = True
        protocol = self._protocol()
        protocol.connection_made(self._transport)
        self._transport.set_protocol(protocol)
        _feed(protocol, self._request)
        if self._frames.socket is None:
            # It found fault with the handshake, and has told the other side so.
            self._let_go()
            self._frames.lost(1006)
            raise ClientDisconnected
        if self._early:
            _feed(protocol, self._early)

    def _protocol(self) -> WSProtocol:
        idle_s = self._config.ws_ping_interval
        return WSProtocol(
            None,
            None,
            is_client_side=False,
            ws_listener_factory=self._listener,
            logger=_its_logger,
            disconnect_on_exception=True,
            websocket_handshake_timeout=None,
            enable_auto_ping=bool(idle_s),
            auto_ping_idle_timeout=idle_s,
            auto_ping_reply_timeout=min(idle_s or 0, self._config.ws_ping_timeout or 0),
            auto_ping_strategy=WSAutoPingStrategy.PING_WHEN_IDLE,
            enable_auto_pong=True,
            max_frame_size=self._config.ws_max_size,
            extra_headers=None,
            read_buffer_init_size=4096,
        )

    def _listener(self, _: WSUpgradeRequest) -> WSListener:
        return self._frames

    def _close(self, code: int) -> None:
        socket = self._frames.socket
        if socket is None or socket.is_disconnected:
            return
        self._frames.let_rest_go()
        _say_goodbye(socket, code)
        self._loop.call_later(CLOSES_WITHIN_S, socket.disconnect)

    def _refuse(self, status: HTTPStatus) -> None:
        self._is_answered = True
        self._frames.lost(1006)
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        end = "content-length: 0\r\nconnection: close\r\n\r\n"
        self._transport.write((head + end).encode())
        self._transport.close()

    def _scope(self, target: bytes, headers: dict[bytes, bytes]) -> Event:
        path, _, query = target.partition(b"?")
        return {
            "type": "websocket",
            "asgi": {"version": self._config.asgi_version, "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "ws",
            "server": self._transport.get_extra_info("sockname"),
            "client": self._transport.get_extra_info("peername"),
            "root_path": "",
            "path": unquote(path.decode("ascii")),
            "raw_path": path,
            "query_string": query,
            "headers": list(headers.items()),
            "subprotocols": [],
            "state": self._app_state.copy(),
        }


class _Frames(WSListener):
    """What has come and not been received yet, and the way out."""

    def __init__(self, *, most_bytes: int) -> None:
        self.socket: WSTransport | None = None
        self.closed: Any = None
        self._most_bytes = most_bytes
        self._events: deque[Event] = deque([{"type": "websocket.connect"}])
        self._waiter: asyncio.Future[None] | None = None
        self._parts: list[bytes] = []
        self._part_bytes = 0
        self._is_text = True
        self._is_paused = False
        self._is_unwanted = False
        self.is_over = False
        self._writable = asyncio.Event()
        self._writable.set()

    async def receive(self) -> Event:
        """Return the next event (ASGI `receive`); after the end, the end again."""
        while not self._events:
            if self.is_over:
                return {"type": "websocket.disconnect", "code": 1006}
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        event = self._events.popleft()
        if self._is_paused and not self._events:
            self._read_on()
        return event

    async def send(self, message: Event) -> None:
        """Write one message, once the other side has read enough of those before."""
        if not self._writable.is_set():
            await self._writable.wait()
        if self.is_over or self.socket is None:
            raise ClientDisconnected
        text = message.get("text")
        if text is not None:
            self.socket.send(WSMsgType.TEXT, text)
        else:
            self.socket.send(WSMsgType.BINARY, message["bytes"])

    def let_rest_go(self) -> None:
        """Read to the other side's goodbye; nobody wants what comes before it."""
        self._is_unwanted = True
        if self._is_paused:
            self._read_on()

    def lost(self, code: int) -> None:
        """Let the application know, once, that nothing more comes."""
        if not self.is_over:
            self.is_over = True
            self._writable.set()
            self._events.append({"type": "websocket.disconnect", "code": code})
            self._wake()

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Take the way out."""
        self.socket = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take one frame; most are a whole text message."""
        try:
            self._take(transport, frame)
        except UnicodeDecodeError:
            self._give_up(transport, INVALID_TEXT)

    def _take(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT and frame.fin:
            text = frame.get_payload_as_utf8_text()
            self._put({"type": "websocket.receive", "text": text})
        elif frame.msg_type in _PARTS:
            self._join(transport, frame)
        elif frame.msg_type == WSMsgType.CLOSE:
            self._give_up(transport, cast("int", frame.get_close_code()))

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Nobody is there any more."""
        del transport
        self.lost(1006)
        self.closed()

    def pause_writing(self) -> None:
        """Wait: the other side does not read."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Go on."""
        self._writable.set()

    def _join(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type != WSMsgType.CONTINUATION:
            self._is_text = frame.msg_type == WSMsgType.TEXT
            self._parts, self._part_bytes = [], 0
        part = frame.get_payload_as_bytes()
        self._parts.append(part)
        self._part_bytes += len(part)
        if self._part_bytes > self._most_bytes or len(self._parts) > PARTS_AT_MOST:
            self._give_up(transport, TOO_BIG)
        elif frame.fin:
            whole, self._parts = b"".join(self._parts), []
            kind = "text" if self._is_text else "bytes"
            data = whole.decode() if self._is_text else whole
            self._put({"type": "websocket.receive", kind: data})

    def _give_up(self, transport: WSTransport, code: int) -> None:
        self.lost(code)
        _say_goodbye(transport, code)
        transport.disconnect()

    def _put(self, event: Event) -> None:
        if self._is_unwanted:
            return
        self._events.append(event)
        self._wake()
        if len(self._events) >= READ_AHEAD_AT_MOST and not self._is_paused:
            self._pause()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _pause(self) -> None:
        if self.socket is not None and not self.socket.is_disconnected:
            self._is_paused = True
            self.socket.underlying_transport.pause_reading()

    def _read_on(self) -> None:
        self._is_paused = False
        if self.socket is not None and not self.socket.is_disconnected:
            self.socket.underlying_transport.resume_reading()


def _say_goodbye(socket: WSTransport, code: int) -> None:
    # C takes any number, codes of applications (4000 and up) too.
    socket.send_close(cast("WSCloseCode", code))


def _read_request(data: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """Return the target and the headers; uvicorn has parsed and written them itself."""
    head, *lines = data.split(b"\r\n")
    pairs = (line.split(b": ", 1) for line in lines if line)
    return head.split(b" ")[1], {pair[0].lower(): pair[-1] for pair in pairs}


def _feed(protocol: WSProtocol, data: bytes) -> None:
    while data:
        room = protocol.get_buffer(-1)
        taken = min(len(room), len(data))
        room[:taken] = data[:taken]
        protocol.buffer_updated(taken)
        data = data[taken:]
