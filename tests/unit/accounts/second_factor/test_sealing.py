import pytest

from accounts.derived_keys import SealBrokenError
from accounts.second_factor.sealing import open_key, seal_key
from sondervoice.kernel.ids import uuid7

ADA, BEN = uuid7(), uuid7()
KEY = b"12345678901234567890"


class TestSeal:
    def test_opens_for_the_same_person(self):
        sealed = seal_key(KEY, user_id=ADA)

        assert open_key(sealed, user_id=ADA) == KEY
        assert len(sealed) == 64
        assert seal_key(KEY, user_id=ADA) != sealed

    @pytest.mark.parametrize("sealed", ["", "x", "é", "A" * 64, "****"])
    def test_refuses_what_is_none(self, sealed: str):
        with pytest.raises(SealBrokenError):
            open_key(sealed, user_id=ADA)

    def test_refuses_another_persons(self):
        with pytest.raises(SealBrokenError):
            open_key(seal_key(KEY, user_id=ADA), user_id=BEN)

    def test_outlives_a_new_secret_key(self, settings):
        sealed = seal_key(KEY, user_id=ADA)

        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another" * 8

        assert open_key(sealed, user_id=ADA) == KEY
