import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.masking import HIDDEN, mask_words


class TestMaskWords:
    @pytest.mark.parametrize(
        ("words", "shown"),
        [
            ("My number is 312 555 0136.", f"My number is {HIDDEN}."),
            ("Call +1 (312) 555-0136 back", f"Call {HIDDEN} back"),
            ("three one two five five five", HIDDEN),
            ("born on the fourth of May 1980", f"born on the fourth of May {HIDDEN}"),
            ("nineteen hundred and eighty", HIDDEN),
            ("null drei null, eins zwo", HIDDEN),
            ("quatre-vingt douze", HIDDEN),
            ("write to nora@quist.example now", f"write to {HIDDEN} now"),
            ("nora at quist dot example", HIDDEN),
        ],
    )
    def test_takes_out_what_looks_like_a_number_or_an_address(self, words, shown):
        assert mask_words(words) == shown

    @pytest.mark.parametrize(
        "words",
        [
            "Tuesday at 09:30, or at 10.15",
            "two or three days",
            "at half past ten on the first",
            "room 12, for 20 minutes",
        ],
    )
    def test_leaves_times_and_small_numbers(self, words):
        assert mask_words(words) == words

    def test_takes_out_each_part_of_a_known_name_in_any_case(self):
        words = "HANNAH here, Hannah Brandt, Mrs brandt; Brandtner stays"

        assert mask_words(words, names=["Hannah Brandt"]) == (
            f"{HIDDEN} here, {HIDDEN} {HIDDEN}, Mrs {HIDDEN}; Brandtner stays"
        )

    def test_leaves_other_words_when_a_part_is_very_short(self):
        assert mask_words("I do not go", names=["Do Li"]) == "I do not go"

    @given(
        before=st.text(max_size=20),
        digits=st.lists(st.integers(0, 9), min_size=7, max_size=15),
        gap=st.sampled_from(["", " ", "-", ".", ") "]),
        after=st.text(max_size=20),
    )
    def test_never_leaves_a_telephone_number(self, before, digits, gap, after):
        number = gap.join(map(str, digits))

        shown = mask_words(f"{before} {number} {after}")

        assert number not in shown

    @given(st.text(), st.lists(st.text(max_size=30), max_size=3))
    def test_says_the_same_of_what_it_has_masked(self, words, names):
        once = mask_words(words, names=names)

        assert mask_words(once, names=names) == once
