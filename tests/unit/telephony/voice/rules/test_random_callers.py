import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.voice.adapters.rules.brain import RulesBrain
from telephony.voice.dialogue import Booked, Dialogue
from telephony.voice.ports import (
    CallerPressed,
    CallerSaid,
    CallerSilent,
    CallOpened,
    CardSpoken,
    HangUp,
    Moment,
    Recognised,
    Remember,
    Say,
)
from tests.fakes.tools import FakeTools
from tests.unit.telephony.voice.rules.conversation import (
    ASKING,
    BRIEF,
    NOW,
    THREE_LANGUAGES,
    TUESDAY_ELEVEN,
    TUESDAY_HALF_PAST_TEN,
    WEDNESDAY_TWO,
    WITH_PERSON,
    booked,
)

WORDS = (
    "yes", "no", "please", "half", "past", "ten", "eleven", "o'clock",
    "tuesday", "wednesday", "morning", "tomorrow", "my", "name", "is", "ellis",
    "e", "l", "i", "s", "book", "appointment", "cancel", "message", "person",
    "robot", "goodbye", "phone", "number", "three", "one", "two", "five",
    "zero", "four", "double", "chest", "pain", "pay", "bill", "again", "the",
    "first", "twenty", "fourth", "perfect", "not", "wrong", "any", "time",
    "this",
)  # fmt: skip
SENTENCES = (
    "i would like to book an appointment", "my name is margaret ellis", "yes", "no",
    "next tuesday morning around ten", "half past ten is perfect", "goodbye",
    "three one two five five five zero one four two", "cancel my appointment",
    "can i leave a message", "are you a robot", "",
)  # fmt: skip
texts = st.sampled_from(SENTENCES) | st.lists(st.sampled_from(WORDS), max_size=9).map(
    " ".join
)
happenings = st.one_of(
    st.builds(
        lambda text, sure: CallerSaid(words=Recognised(text=text, is_sure=sure)),
        texts,
        st.booleans(),
    ),
    st.sampled_from("0123456789*#").map(lambda digit: CallerPressed(digit=digit)),
    st.integers(1, 3).map(lambda times: CallerSilent(times=times)),
    st.just(CardSpoken()),
    st.just(CallOpened()),
)
BRIEFS = st.sampled_from((BRIEF, ASKING, THREE_LANGUAGES, WITH_PERSON))
SLOTS = (TUESDAY_HALF_PAST_TEN, TUESDAY_ELEVEN, WEDNESDAY_TWO)
OWN: tuple[Booked, ...] = (booked(9, 23, 9), booked(10, 24, 14))


async def one_turn(dialogue, happening, brief, tools, now=NOW):
    moment = Moment(brief=brief, dialogue=dialogue, happening=happening, now=now)
    return [piece async for piece in RulesBrain().reply(moment, tools)]


def is_typing(dialogue, happening):
    return (
        dialogue.topic == "phone"
        and isinstance(happening, CallerPressed)
        and happening.digit.isdigit()
    )


async def a_whole_call(turns, brief, gone):
    tools = FakeTools(slots=SLOTS, own=OWN, gone=gone)
    dialogue = Dialogue(language="en")
    for happening in turns:
        before = len(tools.calls)
        pieces = await one_turn(dialogue, happening, brief, tools)
        assert isinstance(pieces[-1], Remember | HangUp)
        if not is_typing(dialogue, happening):
            assert any(isinstance(piece, Say) and piece.text for piece in pieces)
        offered = {slot.id for slot in dialogue.offered}
        for tool, *given_to_it in tools.calls[before:]:
            if tool == "book":
                assert given_to_it[0] in offered
            if tool == "cancel":
                assert given_to_it[0] in {one.appointment_id for one in dialogue.own}
        last = [piece for piece in pieces if isinstance(piece, Remember)][-1]
        dialogue = last.dialogue
        if isinstance(pieces[-1], HangUp):
            return


class TestWhateverTheCallerDoes:
    @settings(max_examples=150)
    @given(
        st.lists(happenings, max_size=14),
        BRIEFS,
        st.frozensets(st.sampled_from([slot.id for slot in SLOTS])),
    )
    def test_nothing_is_booked_or_cancelled_that_was_not_read_out(
        self, turns, brief, gone
    ):
        asyncio.run(a_whole_call(turns, brief, gone))


class TestTomorrow:
    @settings(max_examples=100)
    @given(
        st.integers(0, 4 * 365 * 24 * 60),
        st.sampled_from(
            ["America/Chicago", "Europe/Berlin", "Pacific/Auckland", "Pacific/Apia"]
        ),
    )
    def test_is_the_day_after_the_clinics_own_today(self, minutes, zone):
        now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        brief = BRIEF.__class__(
            clinic_name="Alder Clinic",
            timezone=zone,
            languages=("en",),
            emergency_number="911",
            can_put_through=False,
        )
        tools = FakeTools()
        dialogue = Dialogue(language="en", topic="when")
        said = CallerSaid(words=Recognised(text="tomorrow", is_sure=True))
        asyncio.run(one_turn(dialogue, said, brief, tools, now))

        first_wish = tools.made("find_slots")[0][0]
        local = now.astimezone(ZoneInfo(zone)).date()
        assert first_wish.on == local + timedelta(days=1)
