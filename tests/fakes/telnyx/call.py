"""One call as the carrier has it: its state, and what follows from each command."""

import asyncio
import base64
import os
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.exceptions import InvalidHandshake

from tests.fakes.telnyx.caller import Caller
from tests.fakes.telnyx.media import MediaStream, Played
from tests.fakes.telnyx.webhooks import Courier, Payload, event, now_text

SILENT_LINE_S: Final = 20.0
UNANSWERED_S: Final = 15.0
REORDER_EVERY: Final = 7


@dataclass(slots=True)
class Command:
    """A command as it was taken, with its repeats left out."""

    action: str
    body: dict[str, Any]


def new_control_id() -> str:
    """Return an opaque id in the carrier's manner."""
    return "v3:" + base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


@dataclass(slots=True, kw_only=True)
class CarrierCall:
    """A call from ringing to its end.

    Attributes:
        commands: Those that took effect, in order.
        hung_up_by: ``caller``, ``callee`` (the product), or empty while it lasts.
        digits: Keys the caller presses, each with its second of the stream.
    """

    courier: Courier
    caller: Caller
    called_e164: str
    caller_e164: str
    connection_id: str
    digits: list[tuple[float, str]] = field(default_factory=list)
    longest_s: float = 120.0
    control_id: str = field(default_factory=new_control_id)
    leg_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    session_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    began_at: str = field(default_factory=now_text)
    client_state: str | None = None
    is_answered: bool = False
    hung_up_by: str = ""
    cause: str = ""
    commands: list[Command] = field(default_factory=list)
    seen_commands: dict[str, float] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    stream: MediaStream | None = None
    streams: list[MediaStream] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_over(self) -> bool:
        """Return whether one side has hung up."""
        return bool(self.hung_up_by)

    @property
    def actions(self) -> list[str]:
        """Return the names of the commands that took effect."""
        return [command.action for command in self.commands]

    @property
    def played(self) -> Played:
        """Return what went over the latest stream."""
        return self.streams[-1].played if self.streams else Played()

    def all_problems(self) -> list[str]:
        """Return what the product or the double did against the protocol."""
        media = [problem for stream in self.streams for problem in stream.problems]
        return self.problems + self.courier.problems + media

    async def ring(self) -> None:
        """Announce the call."""
        await self._tell("call.initiated", state="parked", direction="incoming")

    async def follow(self, command: Command) -> None:
        """Let the command take effect, with the webhooks that come of it."""
        steps: dict[str, Callable[[dict[str, Any]], Awaitable[None]]] = {
            "answer": self._answer,
            "streaming_start": self._start_stream,
            "streaming_stop": self._stop_stream,
            "speak": self._speak,
            "transfer": self._transfer,
            "hangup": self._hang_up_by_product,
            "reject": self._hang_up_by_product,
        }
        step = steps.get(command.action)
        if step is not None:
            await step(command.body)

    async def hang_up(self, *, by: str, cause: str = "normal_clearing") -> None:
        """End the call, once."""
        if self.is_over:
            return
        self.hung_up_by, self.cause = by, cause
        stream, self.stream = self.stream, None
        last = [self._event("streaming.stopped", **self._address(stream))]
        if stream is None and not self.streams:
            last = []
        last.append(
            self._event(
                "call.hangup",
                state="hangup",
                hangup_cause=cause,
                hangup_source=by,
                sip_hangup_cause="200",
            )
        )
        await self.courier.deliver_all(last)
        self.ended.set()

    async def _answer(self, body: dict[str, Any]) -> None:
        self.is_answered = True
        await self._tell("call.answered", state="answered")
        if body.get("stream_url"):
            await self._start_stream(body)

    async def _start_stream(self, body: dict[str, Any]) -> None:
        if self.stream is not None:
            self.problems.append("a second stream was asked for while one is open")
            return
        stream = MediaStream(
            stream_id=str(uuid.uuid4()),
            start=self._start_frame(body),
            wish=body,
            caller=self.caller,
            digits=[] if self.streams else self.digits,
            swap=REORDER_EVERY if "reorder" in self.courier.chaos else 0,
        )
        self.stream = stream
        self.streams.append(stream)
        told = asyncio.create_task(
            self._tell("streaming.started", stream_url=body["stream_url"])
        )
        try:
            await stream.run(is_over=lambda: self.is_over, longest_s=self.longest_s)
        except (OSError, InvalidHandshake, TimeoutError) as error:
            self.problems.append(f"the stream was refused: {type(error).__name__}")
            await self._lost(stream)
        else:
            await told
            await self._after(stream)

    async def _after(self, stream: MediaStream) -> None:
        if self.is_over:
            return
        if not stream.played.closed_by_product:
            await self.hang_up(by="caller")
            return
        await self._lost(stream)

    async def _lost(self, stream: MediaStream) -> None:
        """The socket is gone; the call stays up, silent, for a while."""
        self.stream = None
        await self._tell(
            "streaming.failed",
            failure_reason="connection_failed",
            stream_id=stream.stream_id,
            stream_params=self._address(stream),
            stream_type="websocket",
        )
        await asyncio.sleep(SILENT_LINE_S)
        if self.stream is None and self.streams[-1] is stream:
            await self.hang_up(by="caller")

    async def _stop_stream(self, _body: dict[str, Any]) -> None:
        self.problems.append("the product stopped the stream itself; it never needs to")

    async def _speak(self, body: dict[str, Any]) -> None:
        await self._tell("call.speak.started")
        await asyncio.sleep(min(3.0, 0.06 * len(body["payload"])))
        await self._tell("call.speak.ended", status="completed")

    async def _transfer(self, body: dict[str, Any]) -> None:
        await self._tell("call.bridged", to=body["to"])

    async def _hang_up_by_product(self, body: dict[str, Any]) -> None:
        cause = "call_rejected" if "cause" in body else "normal_clearing"
        await self.hang_up(by="callee", cause=cause)

    def _start_frame(self, body: dict[str, Any]) -> dict[str, Any]:
        start: dict[str, Any] = {
            "user_id": str(uuid.uuid4()),
            "call_control_id": self.control_id,
            "call_session_id": self.session_id,
            "from": self.caller_e164,
            "to": self.called_e164,
            "tags": [],
        }
        if self.client_state is not None:
            start["client_state"] = self.client_state
        if body.get("custom_parameters"):
            pairs = body["custom_parameters"]
            start["custom_parameters"] = {pair["name"]: pair["value"] for pair in pairs}
        return start

    def _address(self, stream: MediaStream | None) -> Payload:
        known = stream or (self.streams[-1] if self.streams else None)
        return {} if known is None else {"stream_url": known.wish["stream_url"]}

    async def _tell(self, event_type: str, **more: Any) -> None:
        await self.courier.deliver(self._event(event_type, **more))

    def _event(self, event_type: str, **more: Any) -> Payload:
        payload = {
            "call_control_id": self.control_id,
            "call_leg_id": self.leg_id,
            "call_session_id": self.session_id,
            "connection_id": self.connection_id,
            "client_state": self.client_state,
            "from": self.caller_e164,
            "to": self.called_e164,
            "start_time": self.began_at,
            **more,
        }
        return event(event_type, payload)
