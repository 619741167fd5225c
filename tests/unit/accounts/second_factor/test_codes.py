import re

from accounts.second_factor.codes import find_hash, hash_code, make_codes
from sondervoice.kernel.ids import uuid7

ADA, BEN = uuid7(), uuid7()


class TestCodes:
    def test_are_ten_of_sixty_bits(self):
        codes = make_codes()

        assert len(set(codes)) == 10
        assert all(
            re.fullmatch(r"[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}", one)
            for one in codes
        )

    def test_are_found_however_they_are_written(self):
        code = "7k2m-x9qd-4hrt"
        kept = [hash_code(code, user_id=ADA)]

        for written in (code, code.upper(), "7K2M X9QD 4HRT", " 7k2mx9qd4hrt "):
            assert find_hash(written, user_id=ADA, kept=kept) == kept[0]

    def test_are_one_persons(self):
        kept = [hash_code("7k2m-x9qd-4hrt", user_id=ADA)]

        assert find_hash("7k2m-x9qd-4hrt", user_id=BEN, kept=kept) is None

    def test_outlive_a_new_secret_key(self, settings):
        kept = [hash_code("7k2m-x9qd-4hrt", user_id=ADA)]

        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another" * 8

        assert find_hash("7k2m-x9qd-4hrt", user_id=ADA, kept=kept) == kept[0]
