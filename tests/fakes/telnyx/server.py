"""The carrier over HTTP: its API under `/v2`, and its strings under `/__control`."""

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

import httpx
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.fakes.telnyx.call import CarrierCall
from tests.fakes.telnyx.caller import Caller
from tests.fakes.telnyx.carrier import Carrier, Failure, Reply, refusal
from tests.fakes.telnyx.webhooks import Signer

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_CALLER_OPTIONS: Final = (
    "takes_turns", "waits_for_greeting", "gap_s", "patience_s", "tail_s", "hangs_up"
)  # fmt: skip


def _state(call: CarrierCall) -> dict[str, Any]:
    played = call.played
    return {
        "call_control_id": call.control_id,
        "is_answered": call.is_answered,
        "is_streaming": call.stream is not None,
        "is_over": call.ended.is_set(),
        "hung_up_by": call.hung_up_by,
        "commands": call.actions,
        "webhooks": [
            [sent.event_type, sent.mode, sent.status] for sent in call.courier.sent
        ],
        "problems": call.all_problems(),
        "agent_spoke": call.caller.agent_spoke,
        "agent_quiet_s": round(call.caller.agent_quiet_s, 2),
        "is_listening": call.caller.is_listening,
        "said": call.caller.said,
        "seconds": round(len(played.heard) / 16_000, 2),
        "first_sound_ms": played.first_sound_ms,
        "cleared_ms": played.cleared_ms,
        "marks": len(played.marks),
    }


class Control:
    """What a test or the demo asks of the carrier, beside the carrier's own API."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def answer(self, method: str, what: str, wish: dict[str, Any]) -> Reply:
        """Do one thing and say how things stand."""
        known: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "GET health": self._health,
            "POST call": self._call,
            "POST state": lambda wish: _state(self._find(wish)),
            "POST say": self._say,
            "POST hang_up": self._hang_up,
            "POST fail": self._fail,
        }
        step = known.get(f"{method} {what}")
        if step is None:
            return refusal(404, "10005", f"no control {what}")
        try:
            return Reply(200, step(wish))
        except (KeyError, TypeError, ValueError) as error:
            return refusal(400, "10015", f"{type(error).__name__}: {error}")

    def _health(self, _wish: dict[str, Any]) -> dict[str, Any]:
        carrier = self._carrier
        return {"public_key": carrier.public_key, "problems": carrier.all_problems()}

    def _call(self, wish: dict[str, Any]) -> dict[str, Any]:
        options = {key: wish[key] for key in _CALLER_OPTIONS if key in wish}
        words = [base64.b64decode(text) for text in wish.get("utterances", [])]
        call = self._carrier.ring(
            webhook=wish["webhook"],
            caller=Caller(words, **options),
            to=wish["to"],
            from_=wish["from"],
            chaos=frozenset(wish.get("chaos", [])),
            digits=[(float(at_s), digit) for at_s, digit in wish.get("digits", [])],
            longest_s=float(wish.get("longest_s", 120)),
        )
        return _state(call)

    def _say(self, wish: dict[str, Any]) -> dict[str, Any]:
        call = self._find(wish)
        call.caller.say(base64.b64decode(wish["pcm"], validate=True))
        return _state(call)

    def _hang_up(self, wish: dict[str, Any]) -> dict[str, Any]:
        call = self._find(wish)
        self._carrier.hang_up(call)
        return _state(call)

    def _fail(self, wish: dict[str, Any]) -> dict[str, Any]:
        self._carrier.failures.append(Failure(**wish))
        return {}

    def _find(self, wish: dict[str, Any]) -> CarrierCall:
        return self._carrier.calls[wish["call_control_id"]]


class Application:
    """The ASGI application of both."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._control = Control(carrier)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = b""
        while True:
            message = await receive()
            raw += message.get("body", b"")
            if not message.get("more_body"):
                break
        reply = await self._reply(scope, raw)
        head = {"content-type": "application/json", **reply.headers}
        await send(
            {
                "type": "http.response.start",
                "status": reply.status,
                "headers": [
                    (key.encode(), text.encode()) for key, text in head.items()
                ],
            }
        )
        body = json.dumps(reply.body).encode()
        await send({"type": "http.response.body", "body": body})

    async def _reply(self, scope: Scope, raw: bytes) -> Reply:
        path, method = scope["path"], scope["method"]
        if path.startswith("/__control/"):
            wish = json.loads(raw or b"{}")
            return self._control.answer(method, path.removeprefix("/__control/"), wish)
        headers = dict(scope["headers"])
        authorization = headers.get(b"authorization", b"").decode("latin-1")
        return await self._carrier.request(
            method,
            path,
            raw,
            authorization=authorization,
            query=scope["query_string"].decode("latin-1"),
        )


class RunningCarrier(Carrier):
    """A carrier that listens.

    Attributes:
        api_base: What the product's TELNYX_API_BASE has to be.
    """

    api_base = ""
    address = ""


class _Server(uvicorn.Server):
    """Leaves the signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def running_carrier(
    *, port: int = 0, key: Ed25519PrivateKey | None = None
) -> AsyncIterator[RunningCarrier]:
    """Listen on 127.0.0.1 until the block is left."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen()
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        carrier = RunningCarrier(Signer(key or Ed25519PrivateKey.generate()), client)
        carrier.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        carrier.api_base = f"{carrier.address}/v2"
        config = uvicorn.Config(
            Application(carrier),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield carrier
        finally:
            await carrier.close()
            server.should_exit = True
            await serving
            listening.close()
