"""Two clinics take turns on four connections of one pool, ten thousand times."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection, connections

from sondervoice.kernel import tenancy
from tests.cast import Cast, make_cast
from tests.integration.kernel.raw_rows import owners_of

TABLE = "telephony_phonenumber"
CONNECTIONS, THREADS, SCOPES = 4, 5, 10_000
# So often a thread gives its connection back, and takes whichever is free.
TURN = 20


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cache.clear()
    return make_cast()


@pytest.fixture
def pool_of_four(cast: Cast) -> Iterator[None]:
    """A pool, as the product has one; the tests' own connection stays beside it."""
    options = connections["default"].settings_dict["OPTIONS"]
    options["pool"] = {"min_size": CONNECTIONS, "max_size": CONNECTIONS, "timeout": 20}
    yield
    connections["default"].close_pool()
    del options["pool"]


def _take_turns(clinics: list[UUID], number: int) -> tuple[Counter[int], list[object]]:
    """Enter a scope so many times; return by which connections, and what leaked."""
    used: Counter[int] = Counter()
    leaks: list[object] = []
    for step in range(SCOPES // THREADS):
        mine = clinics[(step + number) % 2]
        with tenancy.scope(mine):
            if owners_of(TABLE) != [mine]:
                leaks.append(("within", mine))
            used[connection.connection.info.backend_pid] += 1
        if owners_of(TABLE):
            leaks.append(("after", mine))
        if step % TURN == TURN - 1:
            connection.close()
    connection.close()
    return used, leaks


class TestScopes:
    def test_of_two_clinics_leak_nothing_in_ten_thousand_turns(
        self, cast: Cast, pool_of_four: None
    ):
        clinics = [cast.alder.organization.id, cast.birch.organization.id]

        with ThreadPoolExecutor(THREADS) as threads:
            done = list(
                threads.map(lambda one: _take_turns(clinics, one), range(THREADS))
            )

        used = sum((used for used, _ in done), Counter())
        assert [leak for _, leaks in done for leak in leaks] == []
        assert used.total() == SCOPES
        assert len(used) == CONNECTIONS
        assert all(len(by) > 1 for by, _ in done)


class TestApplicationRole:
    def test_owns_no_table(self, db: None):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FILTER (WHERE pg_get_userbyid(relowner) = 'sv_app'), "
                "count(*) FROM pg_class "
                "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            )
            owned, tables = cursor.fetchone()

        assert owned == 0
        assert tables > 60
