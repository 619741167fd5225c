import pytest

from telephony.voice.card_watch import AFTER_MS, BEFORE_MS, CardWatch
from telephony.voice.frames import Heard

CARD = "four two four two four two four two four two four two four two four two"


def heard(text: str, *, is_lost: bool = False) -> Heard:
    return Heard(
        text=text,
        is_sure=False,
        is_lost=is_lost,
        started_at_ms=1_000,
        stopped_at_ms=4_000,
        decided_at_ms=4_700,
    )


def look(watch: CardWatch, text: str, **more: bool):
    return watch.look(heard(text, **more), wants_phone=False, wants_digits=False)


WHOLE = ((1_000 - BEFORE_MS, 4_000 + AFTER_MS),)


class TestCardWatch:
    def test_takes_out_a_card_and_its_sound(self):
        found = look(CardWatch(), f"my card number is {CARD}")

        assert (found.is_card, found.text, found.hide_ms) == (True, "", WHOLE)

    @pytest.mark.parametrize(
        "text",
        [
            "the security code is one two three",
            "sicherheitscode ist eins zwei drei",
            "my card number is four two four two",
        ],
    )
    def test_takes_out_a_code_even_when_the_card_before_was_not_heard(self, text):
        found = look(CardWatch(), text)

        assert (found.is_card, found.text, found.hide_ms) == (True, "", WHOLE)

    def test_hides_sound_that_no_ear_could_make_out(self):
        found = look(CardWatch(), "", is_lost=True)

        assert (found.is_card, found.hide_ms) == (False, WHOLE)

    def test_leaves_an_appointment_alone(self):
        found = look(CardWatch(), "next tuesday at half past ten please")

        assert found.text == "next tuesday at half past ten please"
        assert (found.is_card, found.hide_ms) == (False, ())

    def test_does_not_take_what_an_ear_for_digits_always_finds_for_a_card(self):
        watch = CardWatch()
        for text in ("i'm on my own what should i do", "okay i will call them now"):
            turn = Heard(
                text=text,
                is_sure=False,
                alternatives=("nine five zero one four two seven",),
                started_at_ms=1_000,
                stopped_at_ms=4_000,
                decided_at_ms=4_700,
            )
            found = watch.look(turn, wants_phone=False, wants_digits=False)

            assert (found.is_card, found.text) == (False, text)
