import time
from collections.abc import Iterator

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.passwords import breaches
from tests.fakes.stolen_passwords import StolenPasswords, sha1, stolen_passwords

STOLEN = "four score and seven"
FRESH = "seven green bottles on a wall"


@pytest.fixture
def known(settings) -> Iterator[StolenPasswords]:
    with stolen_passwords() as known:
        known.known = [STOLEN]
        settings.BREACH_LOOKUP_URL = known.url
        yield known


class TestStolenPassword:
    def test_is_refused(self, known: StolenPasswords):
        with pytest.raises(ValidationError) as refused:
            validate_password(STOLEN)

        assert refused.value.messages == [
            "This password stands in a list of stolen ones. Choose another."
        ]

    def test_is_asked_for_by_five_digits_of_its_hash(self, known: StolenPasswords):
        validate_password(FRESH)

        assert known.asked == [(f"/range/{sha1(FRESH)[:5]}", "true")]

    def test_is_not_one_that_is_padding(self, known: StolenPasswords):
        known.padding = [FRESH]

        validate_password(FRESH)

        assert len(known.asked) == 1

    def test_is_asked_of_nobody_unless_a_list_is_named(
        self, known: StolenPasswords, settings
    ):
        settings.BREACH_LOOKUP_URL = ""

        validate_password(STOLEN)

        assert known.asked == []


class TestListThatFails:
    @pytest.mark.parametrize("status", [404, 429, 500, 301])
    def test_keeps_nobody_out(
        self, known: StolenPasswords, status: int, caplog: pytest.LogCaptureFixture
    ):
        known.status = status

        validate_password(STOLEN)

        assert len(known.asked) == 1
        self._says_nothing_but_that(caplog)

    def test_keeps_nobody_out_when_it_is_not_there(
        self, settings, caplog: pytest.LogCaptureFixture
    ):
        settings.BREACH_LOOKUP_URL = "http://127.0.0.1:9/range"

        validate_password(STOLEN)

        self._says_nothing_but_that(caplog)

    def test_is_waited_for_so_long_and_no_longer(
        self,
        known: StolenPasswords,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ):
        monkeypatch.setattr(breaches, "PATIENCE_S", 0.1)
        known.waits_s = 30
        began = time.monotonic()

        validate_password(STOLEN)

        assert time.monotonic() - began < 2
        self._says_nothing_but_that(caplog)

    def _says_nothing_but_that(self, caplog: pytest.LogCaptureFixture) -> None:
        ours = [one for one in caplog.records if one.name == breaches.__name__]
        assert [one.getMessage() for one in ours] == ["breach look-up failed"]
        said = str([one.__dict__ for one in caplog.records])
        assert STOLEN not in said
        assert sha1(STOLEN)[:5] not in said
