"""The carrier itself: takes commands, keeps calls, fails when it is told to."""

import asyncio
import json
import re
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from tests.fakes.telnyx.actions import ACTIONS, complaint
from tests.fakes.telnyx.call import UNANSWERED_S, CarrierCall, Command
from tests.fakes.telnyx.caller import Caller
from tests.fakes.telnyx.messages import queued, wrong_with
from tests.fakes.telnyx.recordings import PATH, Recordings
from tests.fakes.telnyx.webhooks import Courier, Signer

REPEAT_S: Final = 60.0
CONNECTION_ID: Final = "1684641123236054244"
_ACTION: Final = re.compile(r"^/v2/calls/([^/]+)/actions/(\w+)$")


@dataclass(slots=True)
class Failure:
    """What the next requests whose path ends with `match` meet.

    Attributes:
        mode: An HTTP status, or ``timeout``: no answer at all for `delay_s`.
    """

    match: str
    mode: int | str
    times: int = 1
    retry_after: int | None = None
    delay_s: float = 10.0


@dataclass(slots=True)
class Reply:
    """One answer of the API."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


def refusal(status: int, code: str, detail: str) -> Reply:
    """Return an error as the vendor words it."""
    return Reply(
        status, {"errors": [{"code": code, "title": detail, "detail": detail}]}
    )


class Carrier:
    """A loopback carrier; `webhook_url` is where its one application listens."""

    def __init__(self, signer: Signer, client: httpx.AsyncClient) -> None:
        self._signer = signer
        self._client = client
        self._tasks: set[asyncio.Task[None]] = set()
        self.calls: dict[str, CarrierCall] = {}
        self.texts: list[dict[str, Any]] = []
        self.failures: list[Failure] = []
        self.problems: list[str] = []
        self.requests: list[tuple[str, int]] = []
        self.recordings = Recordings()
        self.is_closing = False

    @property
    def public_key(self) -> str:
        """Return the key that the product verifies webhooks with."""
        return self._signer.public_key

    def ring(
        self,
        *,
        webhook: str,
        caller: Caller,
        to: str = "+13125550199",
        from_: str = "+13125550100",
        chaos: frozenset[str] = frozenset(),
        digits: list[tuple[float, str]] | None = None,
        longest_s: float = 120.0,
    ) -> CarrierCall:
        """Start an inbound call and return it; everything else happens by itself."""
        courier = Courier(
            self._signer, self._client, webhook, chaos, lambda: not self.is_closing
        )
        call = CarrierCall(
            courier=courier,
            caller=caller,
            called_e164=to,
            caller_e164=from_,
            connection_id=CONNECTION_ID,
            digits=digits or [],
            longest_s=longest_s,
        )
        self.calls[call.control_id] = call
        self._spawn(call.ring())
        self._spawn(self._give_up(call))
        return call

    async def request(
        self,
        method: str,
        path: str,
        raw: bytes,
        *,
        authorization: str,
        query: str = "",
    ) -> Reply:
        """Answer one request to the API."""
        reply = await self._fail(path)
        if reply is None and path.startswith(PATH) and authorization:
            reply = Reply(*self.recordings.answer(method, path, query))
        reply = reply or self._answer(method, path, raw, authorization)
        self.requests.append((f"{method} {path.rsplit('/', 1)[-1]}", reply.status))
        return reply

    async def close(self) -> None:
        """Drop all calls."""
        self.is_closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def all_problems(self) -> list[str]:
        """Return everything that went against the vendor's description."""
        return self.problems + [
            problem for call in self.calls.values() for problem in call.all_problems()
        ]

    def hang_up(self, call: CarrierCall) -> None:
        """Let the caller put the receiver down."""
        self._spawn(call.hang_up(by="caller"))

    async def _fail(self, path: str) -> Reply | None:
        for failure in self.failures:
            if failure.times > 0 and path.endswith(failure.match):
                failure.times -= 1
                if isinstance(failure.mode, str):
                    await asyncio.sleep(failure.delay_s)
                    return refusal(504, "10011", "Gateway timeout")
                reply = refusal(failure.mode, "10011", "Scripted failure")
                if failure.retry_after is not None:
                    reply.headers["retry-after"] = str(failure.retry_after)
                return reply
        return None

    def _answer(self, method: str, path: str, raw: bytes, authorization: str) -> Reply:
        if not authorization.startswith("Bearer "):
            return self._wrong(refusal(401, "10009", "Authentication failed"))
        if (method, path) == ("POST", "/v2/messages"):
            return self._text(raw)
        return self._to_call(method, path, raw)

    def _to_call(self, method: str, path: str, raw: bytes) -> Reply:
        found = _ACTION.match(path)
        if found is None or method != "POST" or found[2] not in ACTIONS:
            return self._wrong(refusal(404, "10005", f"No such command: {path}"))
        call = self.calls.get(found[1].replace("%3A", ":"))
        if call is None:
            return refusal(422, "90015", "Invalid Call Control ID")
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            return self._wrong(refusal(400, "10015", "The body is not JSON"))
        wrong = complaint(found[2], body)
        if wrong is not None:
            return self._wrong(refusal(422, *wrong))
        return self._command(call, found[2], body)

    def _text(self, raw: bytes) -> Reply:
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            return self._wrong(refusal(400, "10015", "The body is not JSON"))
        wrong = wrong_with(body)
        if wrong is not None:
            return self._wrong(refusal(422, *wrong))
        self.texts.append(body)
        return Reply(200, {"data": queued(body, number=len(self.texts))})

    def _command(self, call: CarrierCall, action: str, body: dict[str, Any]) -> Reply:
        if call.is_over:
            return refusal(422, "90018", "Call has already ended")
        if ACTIONS[action].needs_answer and not call.is_answered:
            return refusal(422, "90034", "Call not answered yet")
        if not self._is_repeat(call, body.get("command_id")):
            call.client_state = body.get("client_state", call.client_state)
            call.is_answered = call.is_answered or action == "answer"
            command = Command(action, body)
            call.commands.append(command)
            self._spawn(call.follow(command))
        return Reply(200, {"data": {"result": "ok"}})

    @staticmethod
    def _is_repeat(call: CarrierCall, command_id: str | None) -> bool:
        if command_id is None:
            return False
        now = time.monotonic()
        seen = call.seen_commands.get(command_id)
        call.seen_commands[command_id] = now if seen is None else seen
        return seen is not None and now - seen < REPEAT_S

    def _wrong(self, reply: Reply) -> Reply:
        self.problems.append(reply.body["errors"][0]["detail"])
        return reply

    async def _give_up(self, call: CarrierCall) -> None:
        await asyncio.sleep(UNANSWERED_S)
        if not call.commands:
            call.problems.append("nobody answered")
            await call.hang_up(by="caller", cause="originator_cancel")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._settle)

    def _settle(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.problems.append(f"the double broke: {task.exception()!r}")
