import pytest

from telephony.voice.dialogue import Expecting, Goal
from telephony.voice.ports import Say
from tests.fakes.tools import FakeTools
from tests.unit.telephony.voice.rules.conversation import (
    ASKING,
    TUESDAY_ELEVEN,
    Conversation,
)

HELP = "How can I help you?"
CUT_OFF = "I am sorry, we were cut off."
ASK_NAME = "What is your first and last name? Please also spell your last name."
GO_ON = "If it is not, press 1 to go on, or leave a message with 3."
ASK_MESSAGE = "Please say your message now, with your name and phone number."


@pytest.fixture
def call():
    return Conversation()


class TestLineBuiltAnew:
    async def test_asks_again_what_awaited_an_answer(self, call):
        await call.opens()
        await call.says("i need an appointment")
        assert await call.opens(has_heard_notice=True) == [CUT_OFF, ASK_NAME]
        assert call.dialogue.goal is Goal.BOOK
        assert call.dialogue.expecting is Expecting.NAME

    async def test_offers_again_what_was_offered(self):
        call = Conversation(tools=FakeTools(slots=(TUESDAY_ELEVEN,)))
        await call.opens()
        await call.says("this is hannah brandt i need an appointment on tuesday")
        await call.says("hannah brandt")
        offered = call.dialogue.offered
        heard = await call.opens(has_heard_notice=True)
        assert heard[0] == CUT_OFF
        assert heard[1].startswith("For Tuesday, November twenty-fourth, at eleven")
        assert call.dialogue.offered == offered == (TUESDAY_ELEVEN,)

    async def test_gives_the_notice_again_that_was_not_heard(self, call):
        await call.opens()
        await call.says("i need an appointment")
        assert await call.opens() == [
            "This is the AI assistant of Alder Clinic.",
            "This call is recorded.",
            CUT_OFF,
            ASK_NAME,
        ]

    async def test_repeats_an_emergencys_number(self, call):
        await call.opens()
        await call.says("i can't breathe")
        assert await call.opens(has_heard_notice=True) == [
            CUT_OFF,
            "Please hang up now and call 911.",
            GO_ON,
        ]

    async def test_asks_for_consent_in_full(self):
        call = Conversation(brief=ASKING)
        await call.opens()
        assert await call.opens(has_heard_notice=True) == [
            "Do you agree to the recording?"
        ]

    async def test_asks_what_for_where_nothing_was_begun(self, call):
        await call.opens()
        assert await call.opens(has_heard_notice=True) == [HELP]


class TestBooksThatCannotBeRead:
    @pytest.mark.parametrize(
        ("tool", "said"),
        [
            ("find_slots", "this is hannah i need an appointment on tuesday"),
            ("find_own_appointments", "i want to cancel my appointment"),
        ],
    )
    async def test_are_not_told_to_be_empty(self, tool, said):
        call = Conversation(tools=FakeTools(refuses=frozenset({tool})))
        await call.opens()
        await call.says(said)
        heard = [piece.text for piece in call.pieces if isinstance(piece, Say)]
        if call.dialogue.expecting is Expecting.NAME:
            heard = await call.says("hannah brandt")
        assert heard[-2:] == [
            "I am sorry, I cannot see the appointments at the moment.",
            ASK_MESSAGE,
        ]
        assert not any("free" in text or "find no" in text for text in heard)
        await call.says("please call me")
        assert call.tools.made("take_message")[0][0] == "please call me"
