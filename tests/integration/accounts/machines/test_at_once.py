from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, connections

from accounts.joining.services.change_member import let_go
from accounts.machines.models import TokenFamily
from accounts.machines.services.make_key import KeyWish, make_key
from accounts.models import ApiKey, Membership
from accounts.permissions import Role
from accounts.services.limit_member import limit_member
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import actor_for, make_cast
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


class TestAKeyThatIsMadeWhileItsMakersStandingChanges:
    @pytest.mark.parametrize("change", ["let_go", "limit"])
    def test_waits_until_that_is_done(self, everybody, change):
        clinic, ben = everybody.alder, everybody.ben
        with tenancy.scope(clinic.organization.id):
            Membership.objects.filter(user=ben).update(role=Role.ADMINISTRATOR)
            his = Membership.objects.get(user=ben).pk
        ada = actor_for(everybody.ada, clinic, Role.OWNER)

        with ThreadPoolExecutor(1) as other, tenancy.scope(clinic.organization.id):
            if change == "let_go":
                let_go(actor=ada, membership_id=his, now=utc_now())
            else:
                limit_member(actor=ada, membership_id=his, to=[], now=utc_now())
            end = other.submit(_impatient_key, clinic, ben).result(30)

        assert end == "waited"
        with tenancy.scope(clinic.organization.id):
            assert ApiKey.objects.count() == 0


def _impatient_key(clinic, user) -> str:
    """Make a key as an administrator, but wait for nobody's transaction."""
    wish = KeyWish(
        name="Practice software",
        scopes=["calls:read"],
        expires_at=utc_now() + timedelta(days=90),
        networks=[],
    )
    me = actor_for(user, clinic, Role.ADMINISTRATOR)
    try:
        with tenancy.scope(clinic.organization.id), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            make_key(actor=me, wish=wish, now=utc_now())
    except OperationalError:
        return "waited"
    else:
        return "made"
    finally:
        connections.close_all()
