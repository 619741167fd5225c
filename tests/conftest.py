"""The database of the tests: made by its owner, used by the application's own role."""

import gc
import os
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings as hypothesis_settings

from tests.emptying import Emptier
from tests.owner import leave
from tests.shared_rows import SHARED

# Thousands of collected tests stay to the end: walking them again and again for what
# each test leaves behind took more than a quarter of the time.
gc.set_threshold(50_000, 20, 20)

# A busy machine is no failure: speed is measured by the bench, not here.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")

_IS_WRITTEN = (
    "SELECT EXISTS (SELECT FROM audit_logs) OR EXISTS (SELECT FROM ledger_leaves) "
    "OR EXISTS (SELECT FROM ledger_anchors) OR EXISTS (SELECT FROM periodic_runs) "
    "OR EXISTS (SELECT FROM ledger_verifications)"
)
_EMPTY_THE_RECORD = (
    "ALTER TABLE audit_logs DISABLE RULE prevent_audit_delete",
    "ALTER TABLE audit_logs DISABLE TRIGGER audit_no_change",
    "DELETE FROM audit_logs",
    "ALTER TABLE audit_logs ENABLE ALWAYS TRIGGER audit_no_change",
    "ALTER TABLE audit_logs ENABLE RULE prevent_audit_delete",
    *(
        statement.format(table)
        for table in ("leaves", "nodes", "checkpoints", "anchored", "anchors")
        for statement in (
            "ALTER TABLE ledger_{} DISABLE TRIGGER ledger_no_change",
            "DELETE FROM ledger_{}",
            "ALTER TABLE ledger_{} ENABLE ALWAYS TRIGGER ledger_no_change",
        )
    ),
    "DELETE FROM ledger_verified",
    "DELETE FROM ledger_verifications",
    "DELETE FROM periodic_runs",
)
# The record has partitions from the running month on; tests with fixed days write here.
_MONTH_OF_FIXED_DAYS = """
DO $$ BEGIN
  IF to_regclass('audit_logs_2026_11') IS NULL THEN
    CREATE TABLE audit_logs_2026_11 PARTITION OF audit_logs
      FOR VALUES FROM ('2026-11-01 00:00+00') TO ('2026-12-01 00:00+00');
    ALTER TABLE audit_logs_2026_11 ENABLE ALWAYS TRIGGER audit_no_change;
    CALL guard_audit_table('audit_logs_2026_11');
  END IF;
END $$"""


def _become(url: str) -> None:
    parts = urlsplit(url)
    connection = connections["default"]
    connection.close()
    connection.settings_dict.update(
        USER=unquote(parts.username or ""), PASSWORD=unquote(parts.password or "")
    )


# What takes long goes first: at the end every process finds something short to do.
_FIRST = ("tests/matrix/", "tests/journeys/", "tests/integration/compliance/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(_FIRST))


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Function) -> None:
    SHARED.get_ready(item)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker
) -> Iterator[None]:
    owner = os.environ["DATABASE_OWNER_URL"]
    app = os.environ["DATABASE_URL"]
    with django_db_blocker.unblock():
        _become(owner)
        suffix = getattr(request.config, "workerinput", {}).get("workerid")
        if suffix:
            name = f"test_sondervoice_{suffix}"
            connections["default"].settings_dict["TEST"]["NAME"] = name
        made = setup_databases(verbosity=0, interactive=False)
        connections["default"].cursor().execute(_MONTH_OF_FIXED_DAYS)
        _become(app)
        emptier = Emptier()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            TransactionTestCase, "_fixture_teardown", lambda _case: emptier.empty()
        )
        SHARED.begin(django_db_blocker.unblock)
        yield
        SHARED.end()
    emptier.close()
    leave()
    with django_db_blocker.unblock():
        _become(owner)
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def _owner_of_record(django_db_setup: None) -> Iterator[psycopg.Connection]:
    with psycopg.connect(
        os.environ["DATABASE_OWNER_URL"],
        dbname=connections["default"].settings_dict["NAME"],
        autocommit=True,
        options="-c lock_timeout=10s",
    ) as owner:
        yield owner


@pytest.fixture(autouse=True)
def _record_is_left_empty(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the record after a test that wrote to it for good.

    No flush does it, since nobody may remove a row; and tests run in any order.
    """
    uses = {"db", "transactional_db"}.intersection(request.fixturenames)
    if not uses and request.node.get_closest_marker("django_db") is None:
        yield
        return
    owner = request.getfixturevalue("_owner_of_record")
    yield
    if owner.execute(_IS_WRITTEN).fetchone() == (True,):
        with owner.transaction():
            for statement in _EMPTY_THE_RECORD:
                owner.execute(statement)
