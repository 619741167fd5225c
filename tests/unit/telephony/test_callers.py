import pytest

from telephony.selectors.callers import Caller, spaced


class TestSpaced:
    @pytest.mark.parametrize(
        ("e164", "words"),
        [
            ("+13125550136", "+1 312 555 0136"),
            ("+442079460958", "+44 207 946 0958"),
            ("+4922155500199", "+49 221 555 001 99"),
            ("", ""),
        ],
    )
    def test_groups_the_digits(self, e164: str, words: str):
        assert spaced(e164) == words


class TestCaller:
    def test_is_called_by_what_is_known(self):
        assert Caller(name="Omar", number="+1 312").title == "Omar"
        assert Caller(name="Omar", number="+1 312").number_beside == "+1 312"
        assert Caller(number="+1 312").title == "+1 312"
        assert Caller(number="+1 312").number_beside == ""
        assert Caller().title == "Number withheld"
        assert Caller(is_erased=True).title == "Caller erased"
