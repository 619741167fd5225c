import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisAwayError

from accounts.guessing.limits import SIGN_IN_ACCOUNT
from accounts.machines.models import TokenFamily
from accounts.way_in import signing_in
from tests.cast import Cast
from tests.integration.accounts.machines.conftest import (
    Program,
    give_factor,
    make_machine,
    program_of,
    rows,
    sign_in,
)


def _statuses(program: Program, times: int) -> list[int]:
    return [program.get("agents/").status_code for _ in range(times)]


class _AwayCache:
    """A Redis that does not answer."""

    def add(self, *args, **kwargs):
        raise RedisAwayError

    incr = get = set = add


class TestRequests:
    def test_of_a_key_are_limited_and_say_when_to_come_again(
        self, cast: Cast, settings
    ):
        settings.API_REQUESTS_A_KEY = 3
        machine, other = (
            make_machine(cast, "calls:read"),
            make_machine(cast, "calls:read"),
        )

        assert _statuses(machine, 3) == [200] * 3
        refused = machine.get("agents/")

        assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
        assert refused.headers["content-type"] == "application/problem+json"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert _statuses(other, 1) == [200]

    def test_of_a_person_are_limited(self, bens: Program, settings):
        settings.API_REQUESTS_A_PERSON = 2

        assert _statuses(bens, 3) == [200, 200, 429]

    def test_of_another_clinic_go_on(self, cast: Cast, bens: Program, settings):
        settings.API_REQUESTS_A_PERSON = 2
        cys = program_of(cast.cy)

        assert _statuses(bens, 3)[-1] == 429
        assert _statuses(cys, 2) == [200, 200]

    def test_of_an_address_are_limited_before_anybody_is_asked(
        self, cast: Cast, settings
    ):
        settings.API_REQUESTS_AN_ADDRESS = 2
        guess = Program("Api-Key sv_000000000000_x")

        assert _statuses(guess, 3) == [401, 401, 429]
        elsewhere = Program("Api-Key sv_000000000000_x")
        elsewhere.client.defaults["REMOTE_ADDR"] = "192.0.2.9"
        assert _statuses(elsewhere, 1) == [401]

    def test_of_a_network_are_limited_and_written_once(self, cast: Cast, settings):
        settings.API_REQUESTS_AN_ADDRESS = 3
        found = []
        for words in ("Api-Key sv_000000000000_x", "Bearer x"):
            for number in (1, 2):
                guess = Program(words)
                guess.client.defaults["REMOTE_ADDR"] = f"2001:db8::{number}"
                found += _statuses(guess, 1)

        assert found == [401, 401, 401, 429]
        assert len(rows("accounts.api_key.refused")) == 1
        assert len(rows("accounts.token.refused")) == 1

    def test_are_not_counted_anew_for_an_address_that_is_claimed(
        self, cast: Cast, settings
    ):
        settings.API_REQUESTS_AN_ADDRESS = 2
        guess = Program("Api-Key sv_000000000000_x")

        found = [
            guess.ask(
                "GET", "calls/", **{"X-Forwarded-For": f"192.0.2.{n}"}
            ).status_code
            for n in range(3)
        ]

        assert found == [401, 401, 429]

    def test_are_limited_as_well_while_the_cache_is_away(
        self, bens: Program, settings, monkeypatch
    ):
        settings.API_REQUESTS_A_PERSON = 2
        monkeypatch.setattr("accounts.throttles.cache", _AwayCache())

        assert _statuses(bens, 3) == [200, 200, 429]


class TestTriesToSignIn:
    @pytest.fixture(autouse=True)
    def _lost_counters(self, cast: Cast):
        # They are counted in the database alone.
        cache.clear()

    def test_for_one_person_are_limited_as_on_the_sign_in_page(self, cast: Cast):
        for number in range(SIGN_IN_ACCOUNT.tries):
            tried = sign_in(
                cast.ben,
                address=f"192.0.2.{number}",
                email=cast.ben.email.upper() if number % 2 else cast.ben.email,
                password="wrong",
            )
            assert tried.status_code == 401
            cache.clear()
        refused = sign_in(cast.ben)

        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_tries")
        assert int(refused.headers["retry-after"]) > 0
        assert sign_in(cast.cy).status_code == 200
        with signing_in():
            assert [one.user_id for one in TokenFamily.objects.all()] == [cast.cy.id]

    def test_from_one_address_are_limited_whoever_is_tried(self, cast: Cast, settings):
        settings.TOKEN_TRIES_AN_ADDRESS = 2
        give_factor(cast.ada)

        found = [sign_in(one).status_code for one in (cast.ben, cast.cy, cast.ada)]

        assert found == [200, 200, 429]

    def test_from_one_network_are_limited_whichever_of_its_addresses(
        self, cast: Cast, settings
    ):
        settings.TOKEN_TRIES_AN_ADDRESS = 2

        found = [
            sign_in(cast.ben, address=address).status_code
            for address in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db9::1")
        ]

        assert found == [200, 200, 429, 200]

    def test_to_refresh_are_limited(self, bens: Program, settings):
        settings.API_REQUESTS_AN_ADDRESS = 4
        body = {"refresh": "x"}

        found = [bens.ask("POST", "token/refresh/", body) for _ in range(6)]

        assert [one.status_code for one in found][-1] == 429
