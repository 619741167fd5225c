import pytest

from tests.fakes.tools import FakeTools
from tests.unit.telephony.voice.rules.conversation import Conversation, booked

MORE = "Is there anything else?"
GOODBYE = "Thank you for calling. Goodbye."
PAYMENT = "The caller asked about a payment and it was not settled. Please call back."
LINK = "Shall our staff send you a payment link? Say yes or press 1, or no or press 2."


@pytest.fixture
def call():
    return Conversation()


class TestCards:
    async def test_are_refused_and_a_link_is_sent(self, call):
        await call.opens()
        assert await call.says("i got a bill and i'd like to pay it right now") == [
            "I cannot take payments by phone.",
            LINK,
        ]
        assert await call.speaks_a_card() == [
            "We never take card numbers by phone. What you said about the card was not "
            "kept.",
            LINK,
        ]
        assert await call.says("oh okay just text me the payment link then bye") == [
            "Thank you. Our staff will get your message.",
            GOODBYE,
        ]
        assert call.has_hung_up
        assert call.tools.calls == [
            ("take_message", "The caller asks for a payment link.", "", "", False)
        ]

    async def test_bring_no_link_when_none_is_wanted(self, call):
        await call.opens()
        await call.speaks_a_card()
        assert await call.says("no thank you") == [MORE]
        assert call.tools.calls == []

    @pytest.mark.parametrize(
        "last", ["okay goodbye", "so text me", "and thank you very much indeed"]
    )
    async def test_leave_staff_a_note_when_nobody_said_no(self, call, last):
        await call.opens()
        await call.says("i got a bill and i'd like to pay it right now")
        await call.speaks_a_card()
        await call.says(last, sure=False)
        await call.leaves()
        assert call.tools.calls == [("take_message", PAYMENT, "", "", False)]

    async def test_leave_a_note_at_a_goodbye(self, call):
        await call.opens()
        await call.says("i would like to pay my bill")
        assert await call.says("goodbye then") == [
            "I leave our staff a note about the payment.",
            GOODBYE,
        ]
        await call.leaves()
        assert call.tools.calls == [("take_message", PAYMENT, "", "", False)]

    async def test_leave_a_note_after_something_else_was_written(self):
        call = Conversation(tools=FakeTools(own=(booked(9, 23, 9),)))
        await call.opens()
        await call.says("i want to cancel my appointment")
        await call.says("yes")
        await call.says("and i want to pay my bill")
        await call.leaves()
        assert call.tools.made("take_message") == [(PAYMENT, "", "", False)]

    @pytest.mark.parametrize("last", ["no thank you", "no goodbye"])
    async def test_leave_none_after_a_no(self, call, last):
        await call.opens()
        await call.speaks_a_card()
        await call.says(last)
        await call.leaves()
        assert call.tools.calls == []

    async def test_leave_none_after_the_key_for_no(self, call):
        await call.opens()
        await call.speaks_a_card()
        await call.presses("2")
        await call.leaves()
        assert call.tools.calls == []

    async def test_leave_no_second_one_after_the_link(self, call):
        await call.opens()
        await call.speaks_a_card()
        await call.says("yes please")
        await call.leaves()
        assert len(call.tools.calls) == 1
