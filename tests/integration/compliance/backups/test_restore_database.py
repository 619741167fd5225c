import re
from datetime import timedelta

import psycopg
import pytest

from compliance.backups.dump import count_rows
from compliance.backups.errors import BackupRefusedError
from compliance.backups.sealed_file import Name, open_stream
from compliance.backups.services.restore_database import (
    close_database,
    open_database,
    refuse_unless_empty,
    restore_database,
)
from compliance.ledger.services.seal_rows import seal_rows
from compliance.ledger.signer import signer
from tests.integration.compliance.backups.conftest import Place
from tests.integration.compliance.ledger.record import write_row
from tests.integration.compliance.retention.nights import THREE, run_night

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]

# All that stands in the way of somebody: who may do what, and what refuses them.
GUARDS = """
SELECT 'policy', tablename || '.' || policyname,
       concat_ws('|', permissive, roles::text, cmd, qual, with_check) FROM pg_policies
UNION ALL SELECT 'rls', relname, concat_ws('|', relrowsecurity, relforcerowsecurity)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
UNION ALL SELECT 'acl', relname, (SELECT string_agg(one::text, ',' ORDER BY one::text)
                                   FROM unnest(coalesce(relacl, acldefault(
    CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))) one)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'
UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, tgenabled::text
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'rule', tablename || '.' || rulename, definition FROM pg_rules
 WHERE schemaname = 'public'
UNION ALL SELECT 'function', p.oid::regprocedure::text,
       concat_ws('|', prosecdef, proconfig::text, (SELECT string_agg(one::text, ','
         ORDER BY one::text) FROM unnest(proacl) one), md5(prosrc))
  FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname,
       pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0
   AND connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', tablename || '.' || indexname, indexdef FROM pg_indexes
 WHERE schemaname = 'public'
UNION ALL SELECT 'sequence', sequencename, concat_ws('|', start_value, last_value)
  FROM pg_sequences WHERE schemaname = 'public'
UNION ALL SELECT 'partition', inhrelid::regclass::text,
       pg_get_expr(relpartbound, inhrelid) FROM pg_inherits
  JOIN pg_class ON oid = inhrelid WHERE relispartition
 ORDER BY 1, 2, 3
"""


def asked(url: str, query: str) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query).fetchall()


def guards(url: str) -> list[tuple]:
    """Return them without casts and brackets: PostgreSQL writes these as it likes."""
    return [
        (kind, name, re.sub(r"::(text|character varying)(\[\])?|[()]", "", said or ""))
        for kind, name, said in asked(url, GUARDS)
    ]


def restored(place: Place, made, url: str) -> None:
    def read():
        with (made.folder / "database.sealed").open("rb") as file:
            name = Name(made.manifest.id, "database")
            yield from open_stream(file, key=place.key, name=name)

    restore_database(url, read)


class TestRestoreDatabase:
    def test_brings_back_rows_and_all_that_guards_them(
        self, cast, place, make_due, three, empty_database
    ):
        run_night(cast)
        make_due(-3)
        write_row(cast.alder.organization.id)
        seal_rows(signer=signer(), now=three.at)
        write_row(cast.birch.organization.id)
        made = place.back_up()

        restored(place, made, empty_database)

        with psycopg.connect(empty_database) as owner:
            assert count_rows(owner) == made.manifest.tables
        # The tests' own grant, for their flush, is a grant like others.
        before, after = guards(place.owner_url), guards(empty_database)
        assert len(before) > 500
        assert after == before

    def test_lets_the_sealer_and_the_alerts_go_on_on_another_server(
        self, cast, place, three, empty_database
    ):
        run_night(cast)
        write_row(cast.alder.organization.id)
        seal_rows(signer=signer(), now=three.at)
        ((sealed,),) = asked(place.owner_url, "SELECT count(*) FROM ledger_leaves")
        with psycopg.connect(place.owner_url, autocommit=True) as owner:
            owner.execute("UPDATE alert_watch SET horizon = pg_current_xact_id()")
        write_row(cast.birch.organization.id)
        made = place.back_up(THREE + timedelta(minutes=15))

        restored(place, made, empty_database)

        counts = dict(
            asked(
                empty_database, "SELECT xid::text, count(*) FROM audit_logs GROUP BY 1"
            )
        )
        assert counts == {"1": sealed, "3": 1}
        assert asked(empty_database, "SELECT horizon::text FROM ledger_state") == [
            ("3",)
        ]
        assert asked(empty_database, "SELECT horizon::text FROM alert_watch") == [
            ("2",)
        ]

    def test_overwrites_nothing(self, place):
        with pytest.raises(BackupRefusedError, match="is not empty"):
            refuse_unless_empty(place.owner_url)

    def test_takes_an_empty_database(self, place, empty_database):
        refuse_unless_empty(empty_database)


class TestClosedDatabase:
    def test_lets_no_process_of_the_product_in(self, place, empty_database, settings):
        role = settings.DATABASES["default"]
        as_app = empty_database.replace(
            empty_database.partition("@")[0],
            f"postgresql://{role['USER']}:{role['PASSWORD']}",
        )
        close_database(empty_database)
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            asked(as_app, "SELECT 1")

        open_database(empty_database)
        assert asked(as_app, "SELECT 1") == [(1,)]
