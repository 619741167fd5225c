"""What the schema `statistics` can hold, and who reaches what."""

import os
from datetime import date

import psycopg
import pytest
from django.apps import apps
from django.db import connection

from sondervoice.kernel.personal_data import holders
from sondervoice.kernel.purposes import held
from telephony.statistics.selectors import call_counts
from telephony.statistics.selectors.call_counts import read_all_clinics
from tests.integration.compliance.ledger.record import owner_connection

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)
COLUMNS = """
SELECT c.table_name, c.column_name,
       CASE t.typtype WHEN 'e' THEN 'words' ELSE t.typname END
  FROM information_schema.columns c
  JOIN pg_type t ON t.typname = c.udt_name
 WHERE c.table_schema = 'statistics'"""


def _ask(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


class TestSchema:
    def test_has_no_column_for_an_id_a_number_a_name_or_a_time(self):
        columns = _ask(COLUMNS)

        assert {kind for *_, kind in columns} == {"uuid", "date", "int4", "words"}
        # Of an organization, and empty once it has closed.
        assert [name for _, name, kind in columns if kind == "uuid"] == ["clinic"]
        assert {name for _, name, _ in columns} == {
            "clinic",
            "first_on",
            "last_on",
            "month",
            "measure",
            "bucket",
            "calls",
        }

    def test_is_never_changed_by_the_application(self):
        assert _ask(
            "SELECT privilege_type FROM information_schema.role_table_grants "
            "WHERE table_schema = 'statistics' AND grantee = 'sv_app' "
            "AND table_name = 'call_counts' ORDER BY 1"
        ) == [("INSERT",), ("SELECT",)]


class TestStatisticsRole:
    @pytest.fixture
    def reader(self, db):
        with psycopg.connect(
            os.environ["DATABASE_STATISTICS_URL"],
            dbname=connection.settings_dict["NAME"],
            autocommit=True,
        ) as reader:
            yield reader

    def test_reads_the_counts(self, reader):
        # Counts stay for good; what other tests left of them is read as well.
        count = "SELECT count(*) FROM statistics.call_counts"

        with owner_connection() as owner:
            all_of_them = owner.execute(count).fetchone()

        assert reader.execute(count).fetchone() == all_of_them

    def test_is_who_asks_for_the_operators_page(self, reader, monkeypatch):
        asked = []

        class Connections:
            settings = {"default": {}, "statistics": {}}

            def __getitem__(self, alias: str) -> psycopg.Connection:
                asked.append(alias)
                return reader

        ours = read_all_clinics(today=TODAY)
        monkeypatch.setattr(call_counts, "connections", Connections())
        found = read_all_clinics(today=TODAY)

        assert asked == ["statistics"]
        assert found == ours

    def test_is_refused_every_table_of_the_register(self, reader):
        columns = {one for holder in (*holders(), *held()) for one in holder.columns}
        models = {column.rpartition(".")[0] for column in columns}
        tables = {apps.get_model(model)._meta.db_table for model in models}

        assert {"telephony_call", "accounts_user", "audit_logs"} <= tables
        for table in sorted(tables):
            with pytest.raises(psycopg.Error) as refused:
                reader.execute(f"SELECT * FROM {table}")  # noqa: S608 -- ours
            assert (table, refused.value.sqlstate) == (table, "42501")

    def test_reads_no_other_table_at_all(self):
        assert (
            _ask(
                "SELECT relname FROM pg_class "
                "WHERE relkind IN ('r', 'p', 'v', 'm') "
                "AND relnamespace = 'public'::regnamespace "
                "AND has_table_privilege('sv_statistics', oid, "
                "'SELECT, INSERT, UPDATE, DELETE')"
            )
            == []
        )

    def test_writes_nothing(self, reader):
        with pytest.raises(psycopg.Error):
            reader.execute("DELETE FROM statistics.call_counts")
