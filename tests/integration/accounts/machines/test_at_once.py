from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connections

from accounts.machines.models import TokenFamily
from accounts.models import ApiKey
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from tests.cast import make_cast
from tests.integration.accounts.machines.conftest import (
    Program,
    code_now,
    give_factor,
    program_of,
    rows,
    rows_of,
)
from tests.integration.accounts.machines.test_idempotency import KEY, WISH

TIMES = 50


@pytest.fixture
def everybody(transactional_db):
    cache.clear()
    return make_cast()


def _at_once(ask):
    """Send the request fifty times at one time, and return the answers."""

    def one(_: int):
        try:
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TIMES) as programs:
        return list(programs.map(one, range(TIMES)))


class TestFiftyRefreshesWithOneToken:
    def test_give_one_pair_and_end_the_family(self, everybody):
        bens = program_of(everybody.ben)
        body = {"refresh": bens.pair["refresh"]}

        answers = _at_once(
            lambda: Program(bens.authorization).ask("POST", "token/refresh/", body)
        )

        found = sorted(answer.status_code for answer in answers)
        assert found == [200] + [401] * (TIMES - 1)
        with signing_in():
            assert TokenFamily.objects.get().end_reason == "reused"
        assert len(rows("accounts.token.reused")) == 1


class TestFiftyWritesWithOneKey:
    def test_make_one_key_and_are_answered_alike(self, everybody):
        give_factor(everybody.ada)
        adas = program_of(everybody.ada, code=code_now())

        answers = _at_once(
            lambda: Program(adas.authorization).ask("POST", "keys/", WISH, **KEY)
        )

        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        with tenancy.scope(everybody.alder.organization.id):
            assert ApiKey.objects.count() == 1
        assert len(rows_of(everybody, "accounts.api_key.made")) == 1
