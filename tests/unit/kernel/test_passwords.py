from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from sondervoice.settings import base


class TestPassword:
    def test_is_hashed_by_bcrypt_at_cost_twelve(self, settings):
        settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS

        hashed = make_password("correct horse battery staple")

        assert hashed.startswith("bcrypt_sha256$$2b$12$")
        assert check_password("correct horse battery staple", hashed)

    def test_of_an_older_kind_is_hashed_anew_at_the_next_sign_in(self, settings):
        settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
        older = make_password("correct horse", hasher="pbkdf2_sha256")
        anew = []

        assert check_password("correct horse", older, setter=anew.append)

        assert anew == ["correct horse"]
        assert identify_hasher(older).algorithm == "pbkdf2_sha256"
