import pytest

from telephony.selectors.call_search import international
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


class TestInternational:
    @pytest.mark.parametrize(
        ("words", "country", "e164"),
        [
            ("(312) 555-0136", "US", "+13125550136"),
            ("1 312 555 0136", "US", "+13125550136"),
            ("+1 312 555 0136", "DE", "+13125550136"),
            ("0221 55500199", "DE", "+4922155500199"),
            ("0049 221 55500199", "US", "+4922155500199"),
        ],
    )
    def test_reads_a_number_as_the_clinics_country_writes_it(
        self, words: str, country: str, e164: str
    ):
        assert international(words, country=country) == e164


class TestCaller:
    def test_is_called_by_what_is_known(self):
        assert Caller(name="Omar", number="+1 312").title == "Omar"
        assert Caller(name="Omar", number="+1 312").number_beside == "+1 312"
        assert Caller(number="+1 312").title == "+1 312"
        assert Caller(number="+1 312").number_beside == ""
        assert Caller().title == "Number withheld"
        assert Caller(is_erased=True).title == "Caller erased"
