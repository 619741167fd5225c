from dataclasses import replace

import pytest

from telephony.voice.dialogue import Expecting
from telephony.voice.ports import (
    CallerSaid,
    CallOpened,
    CardSpoken,
    Recognised,
    Remember,
    Say,
)
from tests.fakes.vendors import ScriptedBrain, ScriptedEar
from tests.fakes.virtual import NAMED, WRITTEN, VirtualCall, run_virtual

SIXTEEN = "four one one one two two two two three three three three four four four four"
GROUPS = [" ".join(SIXTEEN.split()[start : start + 4]) for start in range(0, 16, 4)]
READY_MS = (len(NAMED) + len(WRITTEN)) * 20 + 400
EACH_MS = 3_000
HIDDEN = "[digits hidden]"


def _run(*heard, expecting=Expecting.ANYTHING):

    def answer(moment):
        if isinstance(moment.happening, CallOpened):
            notice = {"is_interruptible": False, "is_disclosure": True}
            yield Remember(dialogue=replace(moment.dialogue, expecting=expecting))
            yield Say(text=NAMED, **notice)
            yield Say(text=WRITTEN, **notice)

    async def main():
        brain, ear = ScriptedBrain(answer), ScriptedEar()
        ear.words.extend(heard)
        async with VirtualCall(brain=brain, ear=ear) as call:
            for number in range(len(heard)):
                at_ms = READY_MS + number * EACH_MS
                call.speak(from_ms=at_ms, to_ms=at_ms + 1_000)
            await call.until_ms(READY_MS + len(heard) * EACH_MS + 2_000)
            return call.notes, brain

    return run_virtual(main())


def _spoken_ms(number):
    at_ms = READY_MS + number * EACH_MS
    return at_ms, at_ms + 1_000


def _covers(hidden, number):
    from_ms, to_ms = _spoken_ms(number)
    return any(start <= from_ms - 100 and end >= to_ms for start, end in hidden)


def _told(brain):
    return " ".join(
        f"{moment.happening} {' '.join(line.text for line in moment.lines)}"
        for moment in brain.moments
    )


class TestCardNumber:
    @pytest.mark.parametrize(
        "words",
        [
            f"my card is {SIXTEEN}",
            SIXTEEN,
            "4111 2222 3333 4444",
            "visa four triple one double two double two three three three three",
        ],
    )
    def test_reaches_neither_words_nor_sound_nor_brain(self, words):
        notes, brain = _run(words)

        assert notes.caller_lines == [("", True)]
        assert _covers(notes.hidden, 0)
        assert brain.happenings[1:] == [CardSpoken()]
        assert "four" not in _told(brain)

    def test_in_another_reading_alone_is_hidden_too(self):
        guess = Recognised(text="for won", is_sure=False, alternatives=(SIXTEEN,))

        notes, brain = _run(guess)

        assert notes.caller_lines == [("", True)]
        assert brain.happenings[1:] == [CardSpoken()]

    def test_takes_its_date_and_code_with_it(self):
        code = "the security code is nine eight seven"
        notes, brain = _run(SIXTEEN, "expires twelve thirty", code, "at nine")

        assert notes.caller_lines == [("", True)] * 3 + [("at nine", False)]
        assert [_covers(notes.hidden, number) for number in range(4)] == [
            True,
            True,
            True,
            False,
        ]
        assert "seven" not in _told(brain)

    def test_read_out_in_groups_is_hidden_group_by_group(self):
        notes, brain = _run(*GROUPS)

        kept = " ".join(text for text, _ in notes.caller_lines)
        assert not any(digit in kept for digit in ("one", "two", "three", "four"))
        assert [_covers(notes.hidden, number) for number in range(4)] == [True] * 4
        assert "three three" not in _told(brain)

    def test_read_out_in_groups_is_hidden_where_a_phone_number_is_awaited(self):
        notes, _ = _run(*GROUPS, expecting=Expecting.PHONE)

        kept = " ".join(text for text, _ in notes.caller_lines)
        assert "four four" not in kept


class TestOtherNumbers:
    def test_of_a_phone_are_kept_where_they_are_asked_for(self):
        phone = "three one two five five five zero one four two"

        notes, brain = _run(phone, expecting=Expecting.PHONE)

        assert notes.caller_lines == [(phone, False)]
        words = Recognised(text=phone, is_sure=True)
        assert brain.happenings[1:] == [CallerSaid(words=words)]
        assert notes.hidden == []

    @pytest.mark.parametrize(
        "words", ["tuesday at ten thirty", "on the twenty fourth at two", "four thirty"]
    )
    def test_of_a_day_and_an_hour_are_kept(self, words):
        notes, _ = _run(words)

        assert notes.caller_lines == [(words, False)]
        assert notes.hidden == []

    def test_that_nobody_asked_for_are_hidden_in_the_words(self):
        notes, _ = _run("it is five five five zero one four two thanks")

        assert notes.caller_lines == [(f"it is {HIDDEN} thanks", False)]
