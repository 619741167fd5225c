import pytest

from telephony.phone_numbers import to_e164


class TestToE164:
    @pytest.mark.parametrize(
        ("spoken", "like", "e164"),
        [
            ("(312) 555-0136", "US", "+13125550136"),
            ("1 312 555 0136", "US", "+13125550136"),
            ("(416) 555-0136", "CA", "+14165550136"),
            ("1-416-555-0136", "CA", "+14165550136"),
            ("0221 55500199", "DE", "+4922155500199"),
            ("00 44 20 7946 0958", "DE", "+442079460958"),
            ("011 44 20 7946 0958", "CA", "+442079460958"),
            ("+49 221 55500199", "CA", "+4922155500199"),
            ("0049 221 55500199", "US", "+4922155500199"),
            ("020 7946 0958", "GB", "+442079460958"),
            ("912 345 678", "ES", "+34912345678"),
        ],
    )
    def test_is_how_the_country_dials(self, spoken: str, like: str, e164: str):
        assert to_e164(spoken, like=like) == e164

    @pytest.mark.parametrize(
        ("spoken", "like"), [("555 0136", "CA"), ("912 345 678", "JP"), ("", "US")]
    )
    def test_is_nothing_when_it_cannot_be_known(self, spoken: str, like: str):
        assert to_e164(spoken, like=like) == ""
