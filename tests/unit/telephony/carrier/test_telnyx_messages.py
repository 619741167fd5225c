import asyncio

import pytest

from sondervoice.kernel.errors import VendorError
from telephony.carrier.telnyx.messages import TelnyxMessenger
from tests.fakes.telnyx.carrier import Failure
from tests.fakes.telnyx.server import running_carrier

HANNAH = "+13125550136"
WORDS = "482913 is your code."


def _with_double(use, *failures, **sender):
    async def main():
        async with running_carrier() as double:
            double.failures.extend(failures)
            sender_of = {"from_e164": "+13125550100", "profile_id": "", **sender}
            messenger = TelnyxMessenger(
                api_key="KEY", base_url=double.api_base, **sender_of
            )
            return await asyncio.to_thread(use, messenger), double

    return asyncio.run(main())


def _send(messenger):
    messenger.send(to_e164=HANNAH, text=WORDS)


def _refused(messenger):
    with pytest.raises(VendorError) as refused:
        _send(messenger)
    return refused.value.category, refused.value.permanent


class TestTelnyxMessenger:
    def test_sends_what_the_carrier_takes(self):
        _, double = _with_double(_send)

        assert double.problems == []
        assert double.texts == [
            {
                "to": HANNAH,
                "from": "+13125550100",
                "text": WORDS,
                "type": "SMS",
                "use_profile_webhooks": False,
            }
        ]

    def test_leaves_the_number_to_the_profile(self):
        _, double = _with_double(_send, from_e164="", profile_id="profile")

        assert double.problems == []
        assert double.texts[0]["messaging_profile_id"] == "profile"
        assert "from" not in double.texts[0]

    @pytest.mark.parametrize(
        ("status", "permanent"),
        [(400, True), (422, True), (408, False), (429, False), (500, False)],
    )
    def test_says_whether_it_helps_to_ask_again_and_asks_once(self, status, permanent):
        found, double = _with_double(_refused, Failure("/messages", status, times=9))

        assert found == (f"status_{status}", permanent)
        assert [answer for _, answer in double.requests] == [status]
        assert double.texts == []
