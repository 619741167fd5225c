from datetime import date
from uuid import UUID

import pytest

from telephony.voice.dialogue import Expecting, Wish
from tests.fakes.tools import FakeTools
from tests.unit.telephony.voice.rules.conversation import (
    TUESDAY_ELEVEN,
    TUESDAY_HALF_PAST_TEN,
    TUESDAY_NINE,
    WEDNESDAY_TWO,
    WITH_PERSON,
    Conversation,
)

FIVE_LINES = (
    "hello good morning i would like to book an appointment for a check up please",
    "my name is margaret ellis ellis e l l i s",
    "next tuesday morning would be best if you have anything around ten o'clock",
    "half past ten is perfect my phone number is three one two five five five zero "
    "one four two",
    "no that's everything thank you goodbye",
)
HALF_PAST_TEN = (
    "Tuesday, November twenty-fourth, at half past ten in the morning, with Doctor Reed"
)
ELEVEN = (
    "Tuesday, November twenty-fourth, at eleven o'clock in the morning, "
    "with Doctor Reed"
)
OFFER_KEYS = "Shall I book it?"
OWN_NUMBER = (
    "Shall we use the number you are calling from? "
    "Say yes or press 1, or no or press 2."
)
GOODBYE = "Thank you for calling. Goodbye."
SLOTS = (TUESDAY_HALF_PAST_TEN, TUESDAY_ELEVEN, WEDNESDAY_TWO)
PHONE = "3125550142"


@pytest.fixture
def call():
    return Conversation(tools=FakeTools(slots=SLOTS))


async def up_to_the_offer(call):
    await call.opens()
    heard = []
    for line in FIVE_LINES[:3]:
        heard = await call.says(line)
    return heard


class TestTheFiveLines:
    async def test_are_answered_sentence_by_sentence_and_end_booked(self, call):
        await call.opens()
        assert await call.says(FIVE_LINES[0]) == [
            "I can book that for you.",
            "What is your first and last name? Please also spell your last name.",
        ]
        assert call.dialogue.expecting is Expecting.NAME
        assert await call.says(FIVE_LINES[1]) == [
            "Thank you, Margaret Ellis.",
            "Which day and time would suit you?",
        ]
        assert call.dialogue.expecting is Expecting.WHEN
        assert await call.says(FIVE_LINES[2]) == [
            f"I have {HALF_PAST_TEN}. {OFFER_KEYS}"
        ]
        assert call.dialogue.expecting is Expecting.OFFER
        assert call.dialogue.offered == (TUESDAY_HALF_PAST_TEN,)
        assert await call.says(FIVE_LINES[3]) == [
            f"I note {HALF_PAST_TEN}, for Margaret Ellis, phone number "
            "three one two, five five five, zero one four two.",
            "It is booked.",
            "Is there anything else?",
        ]
        assert call.dialogue.has_written
        assert call.dialogue.expecting is Expecting.CLOSING
        assert await call.says(FIVE_LINES[4]) == [GOODBYE]
        assert call.has_hung_up
        assert call.tools.calls == [
            (
                "find_slots",
                Wish(on=date(2026, 11, 24), from_hour=6, until_hour=12, near=600),
            ),
            ("book", TUESDAY_HALF_PAST_TEN.id, "Margaret Ellis", PHONE),
        ]

    @pytest.mark.parametrize("third_is_sure", [True, False])
    async def test_book_without_the_name_when_it_was_not_caught(
        self, call, third_is_sure
    ):
        await call.opens()
        await call.says(FIVE_LINES[0])
        again = await call.says("", sure=False)
        assert again == [
            "I did not catch the name. Please say your first and last name once more, "
            "then spell your last name."
        ]
        assert call.dialogue.clip_wanted
        assert await call.says(FIVE_LINES[2], sure=third_is_sure) == [
            "I did not catch the name; our staff will confirm it.",
            f"I have {HALF_PAST_TEN}. {OFFER_KEYS}",
        ]
        await call.says(FIVE_LINES[3])
        await call.says(FIVE_LINES[4])
        assert call.tools.made("book") == [(TUESDAY_HALF_PAST_TEN.id, "", PHONE)]
        assert call.has_hung_up

    async def test_end_in_a_note_when_the_number_was_a_guess(self, call):
        await up_to_the_offer(call)
        heard = await call.says(FIVE_LINES[3], sure=False)
        assert heard[0].endswith(
            "phone number three one two, five five five, zero one four two. "
            "Is that right? Say yes or press 1, or no or press 2."
        )
        assert await call.says(FIVE_LINES[4]) == [
            "I have not booked anything. I leave our staff a note to call you back.",
            GOODBYE,
        ]
        assert call.tools.made("book") == []
        assert call.tools.made("take_message") == [
            (
                f"This appointment was spoken of and not booked: {HALF_PAST_TEN}.",
                "Margaret Ellis",
                PHONE,
                False,
            )
        ]

    async def test_book_under_the_callers_number_when_the_dictated_one_was_cut(
        self, call
    ):
        await up_to_the_offer(call)
        heard = await call.says(
            "half past ten is perfect my phone number is three one two five five"
        )
        assert heard == ["I did not catch the phone number.", OWN_NUMBER]
        await call.says(FIVE_LINES[4])
        assert call.tools.made("book") == [
            (TUESDAY_HALF_PAST_TEN.id, "Margaret Ellis", "")
        ]

    async def test_end_in_a_note_when_only_another_time_is_free(self):
        call = Conversation(tools=FakeTools(slots=(TUESDAY_NINE,)))
        await up_to_the_offer(call)
        await call.says(FIVE_LINES[3])
        assert call.tools.made("book") == []
        await call.says(FIVE_LINES[4])
        assert call.tools.made("book") == []
        assert len(call.tools.made("take_message")) == 1
        assert call.has_hung_up


class TestTheOffer:
    async def test_is_the_free_time_nearest_to_the_wish(self):
        call = Conversation(tools=FakeTools(slots=(TUESDAY_NINE, *SLOTS)))
        assert (await up_to_the_offer(call))[0].startswith(f"I have {HALF_PAST_TEN}.")

    async def test_is_followed_by_the_next_one_when_refused(self, call):
        await up_to_the_offer(call)
        assert await call.says("no") == [f"I have {ELEVEN}. {OFFER_KEYS}"]
        assert await call.presses("2") == [
            "I have no other time to offer there.",
            "Which day and time would suit you?",
        ]
        assert call.dialogue.offered == ()

    async def test_gives_way_to_another_day(self, call):
        await up_to_the_offer(call)
        assert (await call.says("no do you have anything on wednesday"))[0].startswith(
            "I have Wednesday, November twenty-fifth, at two o'clock"
        )
        await call.says("yes please")
        await call.says("yes")
        assert call.tools.made("book") == [(WEDNESDAY_TWO.id, "Margaret Ellis", "")]

    async def test_gives_way_to_another_time_of_the_same_day(self, call):
        await up_to_the_offer(call)
        assert (await call.says("could i come at eleven o'clock"))[0].startswith(
            f"I have {ELEVEN}."
        )

    async def test_is_widened_when_nothing_is_free_then(self):
        call = Conversation(tools=FakeTools(slots=(WEDNESDAY_TWO,)))
        heard = await up_to_the_offer(call)
        assert heard[0] == "Nothing is free then."
        assert heard[1].startswith("I have Wednesday, November twenty-fifth")

    async def test_becomes_a_message_when_nothing_is_free_at_all(self):
        call = Conversation()
        assert await up_to_the_offer(call) == [
            "I have no free appointment at the moment.",
            "Please say your message now, with your name and phone number.",
        ]
        assert call.dialogue.expecting is Expecting.MESSAGE
        assert call.dialogue.clip_wanted

    async def test_is_taken_by_key_and_booked_under_a_typed_number(self, call):
        await up_to_the_offer(call)
        assert await call.presses("1") == [OWN_NUMBER]
        assert await call.presses("2") == [
            "Please type your phone number, then the hash key, or say it digit by "
            "digit."
        ]
        assert call.dialogue.expecting is Expecting.PHONE
        assert await call.presses("312555014") == []
        heard = await call.presses("2#")
        assert heard[1] == "It is booked."
        assert call.tools.made("book") == [
            (TUESDAY_HALF_PAST_TEN.id, "Margaret Ellis", PHONE)
        ]

    async def test_is_booked_when_the_hash_key_was_forgotten(self, call):
        await up_to_the_offer(call)
        await call.presses("12")
        await call.presses(PHONE)
        await call.is_silent(1)
        assert call.tools.made("book") == [
            (TUESDAY_HALF_PAST_TEN.id, "Margaret Ellis", PHONE)
        ]

    async def test_is_replaced_when_it_has_just_gone(self):
        call = Conversation(
            tools=FakeTools(slots=SLOTS, gone=frozenset({TUESDAY_HALF_PAST_TEN.id}))
        )
        await up_to_the_offer(call)
        heard = await call.says(FIVE_LINES[3])
        assert heard[1:] == [
            "I am sorry, that one has just gone.",
            f"I have {ELEVEN}. {OFFER_KEYS}",
        ]
        heard = await call.says("yes")
        assert heard[1] == "It is booked."
        assert [made[0] for made in call.tools.made("book")] == [
            TUESDAY_HALF_PAST_TEN.id,
            TUESDAY_ELEVEN.id,
        ]

    async def test_ends_in_a_message_when_the_server_refuses_it(self):
        call = Conversation(tools=FakeTools(slots=SLOTS, refuses=frozenset({"book"})))
        await up_to_the_offer(call)
        heard = await call.says(FIVE_LINES[3])
        assert heard[1:] == [
            "I am sorry, I cannot book that.",
            "Please say your message now, with your name and phone number.",
        ]


class TestAnUnsureEar:
    @pytest.mark.parametrize("said", ["half past ten", "yes", "yes please", "okay"])
    async def test_is_enough_for_the_named_time_or_a_plain_yes(self, call, said):
        await up_to_the_offer(call)
        assert await call.says(said, sure=False) == [OWN_NUMBER]
        assert call.dialogue.chosen == TUESDAY_HALF_PAST_TEN

    @pytest.mark.parametrize(
        "said",
        ["", "yes my dog is fine", "half past eleven", "no half past ten is fine"],
    )
    async def test_is_not_enough_for_anything_else(self, call, said):
        await up_to_the_offer(call)
        assert await call.says(said, sure=False) == [
            "I am sorry, I did not understand.",
            f"For {HALF_PAST_TEN}, say yes or press 1. "
            "For another time, say no or press 2.",
        ]
        assert call.dialogue.chosen is None

    async def test_needs_a_yes_to_the_number_it_guessed(self, call):
        await up_to_the_offer(call)
        await call.says(FIVE_LINES[3], sure=False)
        assert call.tools.made("book") == []
        await call.presses("1")
        assert call.tools.made("book") == [
            (TUESDAY_HALF_PAST_TEN.id, "Margaret Ellis", PHONE)
        ]

    async def test_lets_the_caller_change_what_was_read_back(self, call):
        await up_to_the_offer(call)
        await call.says(FIVE_LINES[3], sure=False)
        assert await call.says("no that's wrong") == [
            "Nothing is booked yet. Press 1 for another time, 2 for another phone "
            "number, or 3 to leave a message."
        ]
        await call.presses("2")
        await call.says("three one two five five five zero one four three")
        assert call.tools.made("book") == [
            (TUESDAY_HALF_PAST_TEN.id, "Margaret Ellis", "3125550143")
        ]


class TestWhatWasToldAlready:
    async def test_is_not_asked_again(self, call):
        await call.opens()
        heard = await call.says(
            "my name is john o'brien and i would like to book an appointment tomorrow"
        )
        assert call.dialogue.name == "John O'Brien"
        assert heard[0] == "Nothing is free then."
        assert call.dialogue.expecting is Expecting.OFFER

    async def test_does_not_take_the_greeting_for_a_wish(self, call):
        await call.opens()
        await call.says("good morning i need an appointment")
        assert call.dialogue.wish == Wish()

    async def test_keeps_bill_parkers_name(self, call):
        await call.opens()
        await call.says("i need an appointment")
        await call.says("my name is bill parker")
        assert call.dialogue.name == "Bill Parker"


class TestLeavingHalfway:
    async def test_leaves_the_staff_a_note(self, call):
        await call.opens()
        await call.says("i would like to book an appointment")
        heard = await call.says("bye")
        assert heard == [
            "I have not booked anything. I leave our staff a note to call you back.",
            GOODBYE,
        ]
        assert call.tools.made("take_message")[0][0] == (
            "The caller wanted an appointment and none was booked. Please call back."
        )

    async def test_can_end_with_a_person(self):
        call = Conversation(tools=FakeTools(slots=SLOTS), brief=WITH_PERSON)
        await up_to_the_offer(call)
        await call.says("can i speak to someone")
        assert call.is_put_through

    async def test_never_books_what_was_not_offered(self, call):
        await up_to_the_offer(call)
        stray = UUID(int=99)
        assert stray not in {slot.id for slot in call.dialogue.offered}
        assert call.tools.made("book") == []
