import base64
import json

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from tests.fakes.telnyx.caller import Caller
from tests.fakes.telnyx.carrier import Carrier, Failure
from tests.fakes.telnyx.webhooks import Signer

HOOK = "http://product.example/webhooks/telnyx/"


class Product:
    """Checks the signature and takes note of what it was told."""

    def __init__(self, public_key):
        self._key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
        self.told = []
        self.refused = 0

    def answer(self, request):
        timestamp = request.headers.get("telnyx-timestamp", "")
        signature = request.headers.get("telnyx-signature-ed25519", "")
        try:
            self._key.verify(
                base64.b64decode(signature), timestamp.encode() + b"|" + request.content
            )
        except InvalidSignature:
            self.refused += 1
            return httpx.Response(400)
        data = json.loads(request.content)["data"]
        self.told.append((data["event_type"], data["id"]))
        return httpx.Response(200)


@pytest.fixture
async def stage():
    signer = Signer(Ed25519PrivateKey.generate())
    product = Product(signer.public_key)
    transport = httpx.MockTransport(product.answer)
    async with httpx.AsyncClient(transport=transport) as client:
        carrier = Carrier(signer, client)
        yield carrier, product
        await carrier.close()


async def _ask(carrier, call, action, **body):
    path = f"/v2/calls/{call.control_id}/actions/{action}"
    return await carrier.request(
        "POST", path, json.dumps(body).encode(), authorization="Bearer KEY"
    )


def _codes(reply):
    return [error["code"] for error in reply.body["errors"]]


class TestCarrier:
    async def test_tells_of_the_answer_and_the_end(self, stage):
        carrier, product = stage
        call = carrier.ring(webhook=HOOK, caller=Caller())

        answered = await _ask(carrier, call, "answer", command_id="1")
        ended = await _ask(carrier, call, "hangup", command_id="2")
        await call.ended.wait()

        assert (answered.status, ended.status) == (200, 200)
        assert sorted(name for name, _ in product.told) == [
            "call.answered", "call.hangup", "call.initiated"
        ]  # fmt: skip
        assert call.hung_up_by == "callee"
        assert carrier.all_problems() == []

    async def test_takes_a_repeated_command_once(self, stage):
        carrier, _ = stage
        call = carrier.ring(webhook=HOOK, caller=Caller())

        for _ in range(3):
            assert (await _ask(carrier, call, "answer", command_id="1")).status == 200

        assert call.actions == ["answer"]

    async def test_refuses_to_speak_before_the_answer_and_after_the_end(self, stage):
        carrier, _ = stage
        call = carrier.ring(webhook=HOOK, caller=Caller())
        words = {"payload": "Hello", "voice": "female"}

        early = await _ask(carrier, call, "speak", **words)
        await _ask(carrier, call, "hangup")
        await call.ended.wait()
        late = await _ask(carrier, call, "speak", **words)

        assert (early.status, _codes(early)) == (422, ["90034"])
        assert (late.status, _codes(late)) == (422, ["90018"])

    async def test_keeps_every_step_off_the_description_as_a_problem(self, stage):
        carrier, _ = stage
        call = carrier.ring(webhook=HOOK, caller=Caller())

        reply = await _ask(carrier, call, "answer", colour="red")

        assert (reply.status, _codes(reply)) == (422, ["10015"])
        assert carrier.all_problems() == ["/colour is not a field of answer"]

    async def test_fails_as_often_as_it_was_told(self, stage):
        carrier, _ = stage
        call = carrier.ring(webhook=HOOK, caller=Caller())
        carrier.failures.append(Failure("/answer", 429, times=1, retry_after=1))

        first = await _ask(carrier, call, "answer")
        second = await _ask(carrier, call, "answer")

        assert (first.status, first.headers) == (429, {"retry-after": "1"})
        assert second.status == 200

    async def test_sends_forgeries_that_do_not_verify_and_repeats_that_do(self, stage):
        carrier, product = stage
        chaos = frozenset({"dup", "badsig", "tampered", "otherkey", "unsigned"})
        call = carrier.ring(webhook=HOOK, caller=Caller(), chaos=chaos)

        await _ask(carrier, call, "hangup")
        await call.ended.wait()

        ids = [found for name, found in product.told if name == "call.hangup"]
        assert len(ids) == 2
        assert len(set(ids)) == 1
        assert product.refused >= 4
        assert call.all_problems() == []

    async def test_notices_a_product_that_takes_a_forgery(self, stage):
        carrier, product = stage
        product.answer = None
        carrier._client = httpx.AsyncClient(
            transport=httpx.MockTransport(lambda _request: httpx.Response(200))
        )
        call = carrier.ring(webhook=HOOK, caller=Caller(), chaos=frozenset({"stale"}))

        await _ask(carrier, call, "hangup")
        await call.ended.wait()
        await carrier._client.aclose()

        assert "call.hangup stale was accepted" in call.all_problems()
