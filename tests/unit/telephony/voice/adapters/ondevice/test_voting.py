import pytest

from telephony.voice.adapters.ondevice.spelling import surname_of
from telephony.voice.adapters.ondevice.voting import Readings, spoken_words, vote
from telephony.voice.dialogue import Expecting
from telephony.voice.ports import Recognised


def _vote(
    state: Expecting,
    grammar: str,
    deeper: str,
    higher: str,
    guard: str = "",
    **more: object,
) -> Recognised:
    readings = Readings(grammar=grammar, deeper=deeper, higher=higher, guard=guard)
    return vote(readings, state, **more)


class TestVote:
    def test_is_sure_of_the_grammar_when_one_trigram_means_the_same(self) -> None:
        words = _vote(
            Expecting.INTENT, "i would like to book an appointment",
            "i'd like an appointment please", "the robot and the",
        )  # fmt: skip

        assert words.is_sure
        assert words.text == "i would like to book an appointment"

    def test_is_not_sure_of_two_trigrams_without_the_grammar(self) -> None:
        words = _vote(Expecting.YES_NO, "are you a robot", "yes", "yes")

        assert not words.is_sure
        assert words.text == "yes"

    def test_is_not_sure_of_a_grammar_that_nobody_bears_out(self) -> None:
        words = _vote(
            Expecting.WHEN, "on monday at nine", "move the letter", "it was nice"
        )

        assert not words.is_sure

    def test_always_passes_the_guard_on(self) -> None:
        words = _vote(Expecting.YES_NO, "yes", "yes", "no", "i have pain in my chest")

        assert words.alternatives == ("i have pain in my chest", "no")

    def test_hears_the_offer_and_the_number_in_one_breath(self) -> None:
        said = "ten thirty my number is three one two five five five zero one four two"
        words = _vote(Expecting.OFFER, said, said, "ten thirty please")

        assert words == Recognised(
            text=said, is_sure=True, alternatives=("ten thirty please",)
        )

    def test_leaves_a_number_out_that_is_not_borne_out(self) -> None:
        words = _vote(
            Expecting.OFFER,
            "ten thirty my number is three one two five five five zero one four two",
            "ten thirty my number is two two", "ten thirty repeat",
        )  # fmt: skip

        assert words.is_sure
        assert words.text == "ten thirty"

    def test_takes_half_a_time_that_fits_one_slot_only(self) -> None:
        ten_thirty = frozenset(["half", "past", "ten", "thirty", "tuesday", "yes"])
        half_past_nine = frozenset(["half", "past", "nine", "thirty", "tuesday", "yes"])
        heard = ("half past ten", "half past that is", "half past thirty")

        assert _vote(Expecting.OFFER, *heard, choices=[ten_thirty]).is_sure
        assert not _vote(
            Expecting.OFFER, *heard, choices=[ten_thirty, half_past_nine]
        ).is_sure

    def test_does_not_trust_its_ears_with_first_and_third(self) -> None:
        said = "the third one"

        assert not _vote(Expecting.OFFER, said, said, said).is_sure

    def test_never_takes_a_card_for_a_phone_number(self) -> None:
        phone = " ".join(["four"] * 10)
        card = " ".join(["four"] * 16)

        assert not _vote(Expecting.PHONE, phone, phone, phone, card).is_sure

    def test_believes_the_letters_before_the_name(self) -> None:
        words = _vote(
            Expecting.NAME, "my name is margaret elliott e_ l_ l_ i_ o_ t_ t_",
            "my name is margaret elliott e_ l_ l_ o_ r_ i_ s_",
            "margaret elliott e_ l_ l_ o_ r_ i_ s_",
        )  # fmt: skip

        assert words.is_sure
        assert words.text == "my name is margaret ellis e l l i s"

    def test_is_not_sure_of_letters_that_are_no_name_it_knows(self) -> None:
        words = _vote(
            Expecting.NAME, "john fox f_ o_ x_", "john q_ q_ z_", "john b_ d_ x_"
        )

        assert not words.is_sure

    @pytest.mark.parametrize("state", list(Expecting))
    def test_understands_nothing_from_nothing(self, state: Expecting) -> None:
        assert _vote(state, "", "", "") == Recognised(text="", is_sure=False)


class TestSpokenWords:
    def test_writes_letters_doubles_and_zeros_as_people_do(self) -> None:
        assert (
            spoken_words("e_ double l_ i_ s_ double five oh")
            == "e l l i s five five zero"
        )


class TestSurnameOf:
    def test_finds_the_name_that_was_spelled(self) -> None:
        assert surname_of("elloris") == "ellis"

    def test_finds_none_in_two_letters_or_in_noise(self) -> None:
        assert surname_of("el") == ""
        assert surname_of("qzxqzx") == ""
