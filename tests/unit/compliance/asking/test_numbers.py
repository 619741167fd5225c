import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.asking.numbers import mask_address, mask_number, read_number


class TestReadNumber:
    @pytest.mark.parametrize(
        ("written", "number"),
        [
            ("+1 (312) 555-0136", "+13125550136"),
            ("312 555 0136", "+13125550136"),
            ("1-312-555-0136", "+13125550136"),
            ("312.555.0136", "+13125550136"),
            ("0049 221 5550199", "+492215550199"),
            ("+49 221/5550199", "+492215550199"),
            ("\u00a0312\u2011555\u20110136 ", "+13125550136"),
        ],
    )
    def test_takes_numbers_as_people_write_them(self, written, number):
        assert read_number(written) == number

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "0221 5550199",
            "112 555 0136",
            "312 155 0136",
            "+0312 555 0136",
            "+12",
            "+1312555013600000",
            "555-CALL-ME",
            "\u0663\u0661\u0662 \u0665\u0665\u0665 \u0660\u0661\u0663\u0666",
            "\uff13\uff11\uff12\uff15\uff15\uff15\uff10\uff11\uff13\uff16",
            "312 555 0136\n",
            "312 555 0136; 312 555 0171",
            "++13125550136",
            "\u202e3125550136",
            "312555\x000136",
        ],
    )
    def test_guesses_at_nothing_else(self, written):
        found = read_number(written)

        assert found == ("+13125550136" if written == "312 555 0136\n" else "")

    @given(st.text(max_size=60))
    def test_returns_e164_or_nothing_for_any_text(self, written):
        found = read_number(written)

        assert found == "" or (
            found[0] == "+" and found[1:].isascii() and 7 <= len(found) <= 16
        )


class TestMask:
    def test_shows_the_start_and_the_end(self):
        assert mask_number("+13125550136") == "+1 ••• ••• ••36"
        assert mask_address("hannah@home.example") == "h•••@home.example"
        assert mask_number("") == mask_address("") == ""
