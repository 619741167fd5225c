from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection

from compliance.ledger.anchors import AnchorTakenError, FileAnchors, parts_of
from compliance.ledger.findings import Verdict, Wrong
from compliance.ledger.notes import Verifier
from compliance.ledger.services.anchor_checkpoints import anchor_checkpoints
from compliance.ledger.services.verify_ledger import verify_ledger
from sondervoice.kernel import tenancy
from tests.cast import NOW, Cast
from tests.integration.compliance.ledger.record import (
    SIGNER,
    asked,
    seal,
    superuser_connection,
    write_row,
)

_GUARDS = [
    *(
        f"ALTER TABLE {table} {{0}} TRIGGER {trigger}"
        for table, trigger in (
            ("audit_logs", "audit_no_change"),
            ("ledger_leaves", "ledger_no_change"),
            ("ledger_checkpoints", "ledger_no_change"),
            ("ledger_anchored", "ledger_no_change"),
            ("ledger_anchors", "ledger_no_change"),
        )
    ),
    "ALTER TABLE audit_logs {1} RULE prevent_audit_update",
    "ALTER TABLE audit_logs {1} RULE prevent_audit_delete",
]
pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]


@pytest.fixture
def store(tmp_path: Path) -> FileAnchors:
    return FileAnchors(tmp_path / "anchors")


@pytest.fixture
def superuser() -> Iterator[psycopg.Connection]:
    """Yield the hands of whoever owns the server: no guard holds."""
    with superuser_connection() as hands:
        for statement in _GUARDS:
            hands.execute(statement.format("DISABLE", "DISABLE"))
        yield hands
        for statement in _GUARDS:
            hands.execute(statement.format("ENABLE ALWAYS", "ENABLE"))


@pytest.fixture
def alder(cast: Cast, store: FileAnchors) -> UUID:
    """Return a clinic with six anchored rows, and two that are sealed since."""
    of = cast.alder.organization.id
    for number in range(6):
        write_row(of, count=number)
        write_row(cast.birch.organization.id, count=number)
    seal()
    anchor_checkpoints(store=store, now=NOW)
    for number in (6, 7):
        write_row(of, count=number)
    seal()
    return of


def _look(store: FileAnchors) -> Verdict:
    return verify_ledger(store=store, verifiers=[SIGNER.verifier])


def _row(of: UUID, position: int) -> UUID:
    ((row_id,),) = asked(
        "SELECT row_id FROM ledger_leaves WHERE organization_id = %s AND position = %s",
        of,
        position,
    )
    return row_id


def _named(verdict: Verdict) -> list[tuple[Wrong, int | None, UUID | None]]:
    return [(one.wrong, one.position, one.row_id) for one in verdict.findings]


class TestWholeLedger:
    def test_is_found_whole_and_counted(self, alder: UUID, store: FileAnchors):
        write_row(alder)

        verdict = _look(store)

        assert verdict.is_whole
        assert (verdict.rows, verdict.anchored) == (14, 12)
        assert (verdict.anchors, verdict.organizations, verdict.unsealed) == (1, 2, 1)

    def test_of_nothing_is_whole(self, cast: Cast, store: FileAnchors):
        verdict = _look(store)

        assert (verdict.is_whole, verdict.rows, verdict.anchors) == (True, 0, 0)

    def test_is_signed_by_nobody_else(self, alder: UUID, store: FileAnchors):
        stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

        verdict = verify_ledger(
            store=store, verifiers=[Verifier("tests.example/ledger", stranger)]
        )

        assert {one.wrong for one in verdict.findings} == {
            Wrong.ANCHOR, Wrong.LEAF, Wrong.CHECKPOINT,
        }  # fmt: skip


class TestSuperuser:
    def test_who_edits_an_anchored_row_is_found_and_the_row_named(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        row = _row(alder, 3)
        superuser.execute(
            "UPDATE audit_logs SET facts = facts || '{\"count\": 9}' WHERE id = %s",
            [row],
        )

        assert _named(_look(store)) == [(Wrong.EDITED, 3, row)]

    @pytest.mark.parametrize(
        "column",
        ["organization_id", "at", "actor_kind", "actor_id", "action", "subject_kind",
         "subject_id", "fields"],
    )  # fmt: skip
    def test_who_edits_any_column_is_found(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection,
        column: str,
    ):  # fmt: skip
        row = _row(alder, 2)
        new = {
            "at": "at + interval '1 microsecond'",
            "fields": "'[\"names\"]'",
        }.get(column, "gen_random_uuid()")
        if column in {"actor_kind", "action", "subject_kind"}:
            new = "'other'"
        superuser.execute(
            f"UPDATE audit_logs SET {column} = {new} WHERE id = %s",  # noqa: S608
            [row],
        )

        assert _named(_look(store)) == [(Wrong.EDITED, 2, row)]

    def test_who_edits_a_row_and_its_leaf_is_found_by_the_anchor(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        row = _row(alder, 3)
        superuser.execute("UPDATE audit_logs SET action = 'x.y.z' WHERE id = %s", [row])
        superuser.execute(
            "UPDATE ledger_leaves SET hash = sha256('other') WHERE row_id = %s", [row]
        )

        assert _named(_look(store)) == [
            (Wrong.LEAF, 3, row),
            (Wrong.EDITED, 3, row),
        ]

    def test_who_edits_a_row_and_leaf_not_anchored_yet_is_found_by_the_signature(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        row = _row(alder, 7)
        superuser.execute(
            "UPDATE ledger_leaves SET hash = sha256('other') WHERE row_id = %s", [row]
        )

        findings = _look(store).findings

        assert [(one.wrong, one.position) for one in findings] == [
            (Wrong.EDITED, 7),
            (Wrong.LEAF, None),
        ]
        assert findings[1].words == "rows 6 to 7 are not what was signed for them"

    def test_who_deletes_a_row_is_found_and_the_row_named(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        row = _row(alder, 4)
        superuser.execute("DELETE FROM audit_logs WHERE id = %s", [row])

        assert _named(_look(store)) == [(Wrong.DELETED, 4, row)]

    def test_who_swaps_two_rows_is_found_and_both_named(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        first, second = _row(alder, 1), _row(alder, 2)
        superuser.execute("DROP INDEX ledger_leaves_row")
        superuser.execute(
            "UPDATE ledger_leaves l SET row_id = o.row_id, row_at = o.row_at, "
            "hash = o.hash FROM ledger_leaves o WHERE l.organization_id = %s "
            "AND o.organization_id = l.organization_id "
            "AND (l.position, o.position) IN ((1, 2), (2, 1))",
            [alder],
        )
        superuser.execute(
            "CREATE UNIQUE INDEX ledger_leaves_row ON ledger_leaves (row_id)"
        )

        assert _named(_look(store)) == [
            (Wrong.REORDERED, 1, first),
            (Wrong.REORDERED, 2, second),
        ]

    def test_who_cuts_the_tail_is_found_and_each_row_named(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        rows = [_row(alder, position) for position in (4, 5)]
        superuser.execute(
            "DELETE FROM audit_logs USING ledger_leaves l WHERE id = row_id "
            "AND l.organization_id = %s AND position >= 4",
            [alder],
        )
        superuser.execute(
            "DELETE FROM ledger_leaves WHERE organization_id = %s AND position >= 4",
            [alder],
        )
        superuser.execute(
            "DELETE FROM ledger_checkpoints WHERE organization_id = %s", [alder]
        )

        assert _named(_look(store)) == [
            (Wrong.CUT, 4, rows[0]),
            (Wrong.CUT, 5, rows[1]),
            (Wrong.DELETED, 4, rows[0]),
            (Wrong.DELETED, 5, rows[1]),
            (Wrong.CHECKPOINT, None, None),
        ]

    def test_who_drops_a_partition_is_found_and_the_month_named(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        ((month,),) = asked(
            "SELECT DISTINCT to_char(at AT TIME ZONE 'UTC', 'YYYY_MM') FROM audit_logs"
        )
        superuser.execute(f"ALTER TABLE audit_logs DETACH PARTITION audit_logs_{month}")

        try:
            findings = _look(store).findings
        finally:
            superuser.execute(
                f"ALTER TABLE audit_logs ATTACH PARTITION audit_logs_{month} "
                f"FOR VALUES FROM ('{month.replace('_', '-')}-01 00:00+00') TO "
                f"(('{month.replace('_', '-')}-01'::date + interval '1 month')::date)"
            )

        assert [(one.wrong, one.words) for one in findings] == [
            (
                Wrong.PARTITION,
                f"audit_logs_{month} is gone with 14 sealed rows",
            )
        ]

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE ledger_checkpoints SET note = replace(note, 'sealed 2026', "
            "'sealed 2025') WHERE organization_id = %s AND size = 6",
            "UPDATE ledger_checkpoints SET root = sha256('x') "
            "WHERE organization_id = %s AND size = 6",
            "DELETE FROM ledger_checkpoints WHERE organization_id = %s AND size = 6",
        ],
    )
    def test_who_changes_or_removes_a_checkpoint_is_found(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection,
        change: str,
    ):  # fmt: skip
        superuser.execute(change, [alder])

        found = {(one.wrong, one.organization_id) for one in _look(store).findings}

        assert found == {(Wrong.CHECKPOINT, alder)}

    def test_who_slips_a_row_in_is_found_and_the_row_named(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        ((row,),) = superuser.execute(
            "INSERT INTO audit_logs SELECT gen_random_uuid(), organization_id, at, "
            "actor_kind, actor_id, action, subject_kind, subject_id, fields, facts, "
            "xid FROM audit_logs WHERE organization_id = %s LIMIT 1 RETURNING id",
            [alder],
        ).fetchall()

        assert _named(_look(store)) == [(Wrong.ADDED, None, row)]

    def test_who_names_a_transaction_to_come_is_found_and_the_row_named(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        ((row,),) = superuser.execute(
            "INSERT INTO audit_logs SELECT gen_random_uuid(), organization_id, at, "
            "actor_kind, actor_id, action, subject_kind, subject_id, fields, facts, "
            "'9000000000000000000'::xid8 FROM audit_logs WHERE organization_id = %s "
            "LIMIT 1 RETURNING id",
            [alder],
        ).fetchall()

        assert _named(_look(store)) == [(Wrong.ADDED, None, row)]


def _copy_as_the_product(of: UUID, row: UUID, *, seconds: int) -> None:
    """Write a row once more, so much later and with other facts."""
    with tenancy.scope(of), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_logs (id, organization_id, at, actor_kind, action, "
            "subject_kind, fields, facts) SELECT id, organization_id, "
            "at + make_interval(secs => %s), actor_kind, action, subject_kind, "
            "fields, '{}' FROM audit_logs WHERE id = %s ORDER BY at LIMIT 1",
            [seconds, row],
        )


class TestProduct:
    """Whoever has the product's own role, which may add rows."""

    @pytest.mark.parametrize("seconds", [-1, 1])
    def test_who_uses_the_id_of_a_sealed_row_is_found(
        self, alder: UUID, store: FileAnchors, seconds: int
    ):
        row = _row(alder, 2)
        _copy_as_the_product(alder, row, seconds=seconds)
        write_row(alder)
        assert seal() == 1

        verdict = _look(store)

        assert _named(verdict) == [(Wrong.ADDED, None, row)]
        ((at,),) = asked("SELECT row_at FROM ledger_leaves WHERE row_id = %s", row)
        assert verdict.findings[0].row_at == at + timedelta(seconds=seconds)

    def test_who_uses_one_id_twice_stops_no_seal(
        self, alder: UUID, store: FileAnchors, cast: Cast, caplog
    ):
        write_row(alder)
        ((row,),) = asked(
            "SELECT id FROM audit_logs, ledger_state WHERE xid >= horizon"
        )
        _copy_as_the_product(alder, row, seconds=1)
        write_row(cast.birch.organization.id)

        assert seal() == 2
        assert caplog.text == ""

        verdict = _look(store)
        assert _named(verdict) == [(Wrong.ADDED, None, row)]
        assert (verdict.rows, verdict.unsealed) == (16, 0)
        assert seal() == 0

    def test_cannot_say_which_transaction_a_row_is_of(self, alder: UUID):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            tenancy.scope(alder),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "INSERT INTO audit_logs SELECT gen_random_uuid(), organization_id, "
                "at, actor_kind, actor_id, action, subject_kind, subject_id, fields, "
                "facts, '9000000000000000000'::xid8 FROM audit_logs LIMIT 1"
            )


class TestAnchors:
    def test_hold_every_leaf_and_note_once(self, alder: UUID, store: FileAnchors):
        assert anchor_checkpoints(store=store, now=NOW + timedelta(minutes=5)) == 1
        assert anchor_checkpoints(store=store, now=NOW + timedelta(minutes=9)) == 0

        parts = [part for number in (1, 2) for part in parts_of(store, number)]
        mine = [part for part in parts if part.organization_id == alder]
        assert [(part.start, len(part.leaves), bool(part.note)) for part in mine] == [
            (0, 6, True),
            (6, 2, True),
        ]
        assert store.count() == 2

    def test_that_are_gone_are_named(self, alder: UUID, store: FileAnchors):
        store._path(1).unlink()

        findings = _look(store).findings

        assert [(one.wrong, one.words) for one in findings] == [
            (Wrong.ANCHOR, "anchor 1 is missing")
        ]

    def test_that_were_changed_are_named(self, alder: UUID, store: FileAnchors):
        path = store._path(1)
        said = path.read_text()
        path.chmod(0o600)
        path.write_text(said.replace('"start":0', '"start":1'))

        assert {one.wrong for one in _look(store).findings} == {Wrong.ANCHOR}

    def test_are_never_written_over(self, alder: UUID, store: FileAnchors):
        said = store.read(1)

        with pytest.raises(AnchorTakenError):
            store.add(1, b"something else")

        store.add(1, said)
        assert store.read(1) == said
        assert store._path(1).stat().st_mode & 0o777 == 0o400

    def test_are_taken_up_where_the_process_died_before_it_said_so(
        self, cast: Cast, store: FileAnchors, superuser: psycopg.Connection
    ):
        write_row(cast.alder.organization.id)
        seal()
        anchor_checkpoints(store=store, now=NOW)
        superuser.execute("DELETE FROM ledger_anchored")
        superuser.execute("DELETE FROM ledger_anchors")
        write_row(cast.alder.organization.id)
        seal()

        assert anchor_checkpoints(store=store, now=NOW) == 1
        assert anchor_checkpoints(store=store, now=NOW) == 1
        assert store.count() == 2
        assert _look(store).is_whole
