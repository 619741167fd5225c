import pytest

from accounts.derived_keys import SealBrokenError
from accounts.second_factor.models import AuthenticatorApp
from accounts.second_factor.sealing import seal_key
from accounts.second_factor.services.seal_apps_anew import seal_apps_anew
from accounts.way_in import signing_in
from tests.cast import NOW, Cast
from tests.cast_factor import KEY, give_phone

OLD, NEW = "the secret before " * 3, "the secret now " * 4


@pytest.fixture
def rotated(cast: Cast, settings) -> Cast:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    give_phone(cast.ada, now=NOW)
    give_phone(cast.ben, now=NOW)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    return cast


def find(app_of) -> AuthenticatorApp:
    with signing_in():
        return AuthenticatorApp.objects.get(user=app_of)


class TestSealAppsAnew:
    def test_opens_once_the_old_secret_is_gone(self, rotated: Cast, settings):
        assert seal_apps_anew() == 2
        assert seal_apps_anew() == 0
        settings.SECRET_KEY_FALLBACKS = []

        assert [find(rotated.ada).bin_key, find(rotated.ben).bin_key] == [KEY, KEY]

    def test_goes_past_what_nothing_opens(self, rotated: Cast, settings):
        with signing_in():
            settings.SECRET_KEY = "nobody has it " * 4
            lost = seal_key(KEY, user_id=rotated.ada.pk)
            AuthenticatorApp.objects.filter(user=rotated.ada).update(key=lost)
            settings.SECRET_KEY = NEW

        assert seal_apps_anew() == 1
        assert find(rotated.ada).key == lost
        settings.SECRET_KEY_FALLBACKS = []
        assert find(rotated.ben).bin_key == KEY
        with pytest.raises(SealBrokenError):
            find(rotated.ada).bin_key  # noqa: B018 -- it is opened when it is read

    def test_changes_nothing_without_an_older_secret(self, rotated: Cast, settings):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
        before = find(rotated.ada).key

        assert seal_apps_anew() == 0
        assert find(rotated.ada).key == before
