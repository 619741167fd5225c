"""What the database itself lets the application see and do, from its own catalogue."""

from collections.abc import Iterable

import pytest
from django.db import connection
from psycopg import sql

from tests.cast import Cast
from tests.cast_day import Day

# Tables that every request may read and write, and why that tells nothing of anybody.
OPEN_TABLES = {
    "alert_watch": "how far the record has been looked at: a transaction's number",
    "accounts_agency": "the name of a firm; who belongs to it stands elsewhere",
    "auth_group": "of Django, empty: what one may do stands in ROLE_GRANTS",
    "auth_group_permissions": "of Django, empty",
    "auth_permission": "names of what django-guardian can grant",
    "django_content_type": "names of models",
    "django_migrations": "names of migrations",
    "django_session": "found by the hash of a secret, before anybody is known",
    "guessing_trycounter": "counts under blinded names",
    "machines_gatewaytoken": "hashes of the gateway's own tokens",
    "periodic_runs": "names of work of the clock, and when it was done",
    "machines_tally": "counts under blinded names",
}
# Rows of no organization are seen outside a scope; none of them is about a caller.
NULLABLE = {"audit_logs", "outbox_jobs"}
TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
    "AND relkind IN ('r', 'p', 'v', 'm') "
)
MAY_TOUCH = "AND has_table_privilege('sv_app', oid, 'SELECT, INSERT, UPDATE, DELETE')"
FUNCTIONS = (
    "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
    "AND prosecdef "
)


def names(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(name for (name,) in cursor.fetchall())


def seen(tables: Iterable[str]) -> dict[str, int]:
    """Return how many rows the open connection sees in each table where it sees any."""
    counts = {}
    with connection.cursor() as cursor:
        for table in tables:
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            cursor.execute(query)
            counts[table] = cursor.fetchone()[0]
    return {table: count for table, count in counts.items() if count}


@pytest.mark.django_db
class TestTables:
    def test_are_behind_forced_policies_or_are_named_here(self):
        open_ones = names(
            f"{TABLES} {MAY_TOUCH} AND NOT (relrowsecurity AND relforcerowsecurity)"
        )

        assert open_ones == sorted(OPEN_TABLES)

    def test_that_name_a_person_are_never_open(self):
        with connection.cursor() as cursor:
            cursor.execute(
                f"{TABLES} {MAY_TOUCH} AND NOT (relrowsecurity AND relforcerowsecurity)"
                " AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid"
                " AND attname IN ('user_id', 'organization_id', 'email'))"
            )
            assert cursor.fetchall() == []

    def test_show_raw_sql_nothing_without_a_scope(self, cast: Cast, day: Day):
        behind = names(f"{TABLES} {MAY_TOUCH} AND relrowsecurity")

        assert len(behind) > 40
        assert seen(set(behind) - NULLABLE) == {}

    def test_show_raw_sql_no_organizations_rows_of_the_record_without_a_scope(
        self, cast: Cast, day: Day
    ):
        with connection.cursor() as cursor:
            for table in sorted(NULLABLE):
                query = sql.SQL("SELECT count(organization_id) FROM {}")
                cursor.execute(query.format(sql.Identifier(table)))
                assert cursor.fetchone() == (0,)


@pytest.mark.django_db
class TestFunctions:
    def test_with_the_owners_rights_look_in_one_place_for_their_names(self):
        # pg_temp last: else a table of the same name there would be taken for ours.
        fixed = "proconfig @> ARRAY['search_path=public, pg_temp']"

        assert len(names(FUNCTIONS)) > 15
        assert names(f"{FUNCTIONS} AND ({fixed}) IS NOT TRUE") == []

    def test_with_the_owners_rights_are_not_everybodys(self):
        # sv_operator only reads: by one of these it would write.
        others = (
            "(proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) a"
            " WHERE a.grantee = 0)"
            " OR has_function_privilege('sv_operator', oid, 'EXECUTE'))"
        )

        assert names(f"{FUNCTIONS} AND {others}") == []


@pytest.mark.django_db
class TestRoles:
    def test_go_past_no_policy(self):
        assert (
            names(
                "SELECT rolname FROM pg_roles WHERE rolname LIKE 'sv\\_%' AND "
                "(rolsuper OR rolbypassrls OR rolcreaterole)"
            )
            == []
        )

    def test_that_read_for_operators_write_nothing(self):
        assert (
            names(
                f"{TABLES} AND "
                "has_table_privilege('sv_operator', oid, 'INSERT, UPDATE, DELETE')"
            )
            == []
        )
