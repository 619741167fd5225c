import hashlib
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection, connections

from compliance.ledger.notes import Checkpoint, note_hash, open_note
from compliance.ledger.row_body import PRODUCT, ROW_BODY
from compliance.ledger.tree import Frontier, Head
from tests.cast import Cast
from tests.integration.compliance.ledger.record import (
    SIGNER,
    asked,
    owner_connection,
    seal,
    write_row,
)

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]


def _leaves(organization_id) -> list[bytes]:
    rows = asked(
        "SELECT hash FROM ledger_leaves WHERE organization_id = %s ORDER BY position",
        organization_id,
    )
    return [bytes(leaf) for (leaf,) in rows]


def _notes(organization_id) -> list[str]:
    rows = asked(
        "SELECT note FROM ledger_checkpoints WHERE organization_id = %s ORDER BY size",
        organization_id,
    )
    return [note for (note,) in rows]


class TestSealRows:
    def test_makes_each_row_a_leaf_of_its_organizations_own_tree(self, cast: Cast):
        alder, birch = cast.alder.organization.id, cast.birch.organization.id
        for organization_id in (alder, birch, alder, None):
            write_row(organization_id)

        assert seal() == 4

        assert [len(_leaves(of)) for of in (alder, birch, PRODUCT)] == [2, 1, 1]
        bodies = asked(
            f"SELECT {ROW_BODY} FROM audit_logs "  # noqa: S608 -- a constant of ours
            "WHERE organization_id = %s "
            "ORDER BY xid, id",
            alder,
        )
        assert _leaves(alder) == [
            hashlib.sha256(b"\x00" + bytes(body)).digest() for (body,) in bodies
        ]

    def test_signs_how_many_there_are_and_their_root(self, cast: Cast):
        alder = cast.alder.organization.id
        write_row(alder)
        write_row(alder)
        seal()

        text = open_note(_notes(alder)[0], SIGNER.verifier)

        frontier = Frontier()
        for leaf in _leaves(alder):
            frontier.append(leaf)
        checkpoint = Checkpoint.from_text(text)
        assert checkpoint.origin == f"tests.example/ledger/{alder}"
        assert checkpoint.head == Head(2, frontier.root)
        assert checkpoint.previous == ""

    def test_links_each_checkpoint_to_the_one_before(self, cast: Cast):
        alder = cast.alder.organization.id
        for _ in range(3):
            write_row(alder)
            seal()

        notes = _notes(alder)

        opened = [open_note(note, SIGNER.verifier) for note in notes]
        assert [Checkpoint.from_text(text).previous for text in opened] == [
            "", note_hash(notes[0]), note_hash(notes[1]),
        ]  # fmt: skip
        assert [Checkpoint.from_text(text).head.size for text in opened] == [1, 2, 3]

    def test_seals_nothing_twice_and_signs_nothing_new_for_it(self, cast: Cast):
        write_row(cast.alder.organization.id)

        assert [seal(), seal()] == [1, 0]
        assert len(_notes(cast.alder.organization.id)) == 1

    def test_takes_so_many_at_once_and_no_transaction_in_halves(self, cast: Cast):
        alder = cast.alder.organization.id
        for _ in range(5):
            write_row(alder)
        with owner_connection() as owner, owner.transaction():
            for _ in range(4):
                owner.execute(
                    "INSERT INTO audit_logs SELECT gen_random_uuid(), organization_id, "
                    "at, actor_kind, actor_id, action, subject_kind, subject_id, "
                    "fields, facts FROM audit_logs LIMIT 1"
                )

        assert [seal(limit=3) for _ in range(4)] == [3, 2, 4, 0]
        assert len(_leaves(alder)) == 9
        assert len(set(_leaves(alder))) == 9

    def test_leaves_out_a_transaction_that_still_runs_and_all_after_it(
        self, cast: Cast
    ):
        alder = cast.alder.organization.id
        write_row(alder)
        with owner_connection() as owner, owner.transaction():
            owner.execute("SELECT pg_current_xact_id()")
            write_row(alder)
            assert seal() == 1

        assert seal() == 1
        assert len(_leaves(alder)) == 2

    def test_seals_none_while_another_does(self, cast: Cast):
        write_row(cast.alder.organization.id)
        with owner_connection() as other, other.transaction():
            other.execute("SELECT pg_advisory_xact_lock(%s)", [0x5EA1])
            assert seal() == 0

        assert seal() == 1

    def test_seals_each_row_once_whoever_comes_at_once(self, cast: Cast):
        alder = cast.alder.organization.id

        def write_and_seal(number: int) -> int:
            try:
                write_row(alder, count=number)
                return seal()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as threads:
            sealed = sum(threads.map(write_and_seal, range(24)))
        sealed += seal()

        assert sealed == 24
        assert len(_leaves(alder)) == 24
        assert [Checkpoint.from_text(open_note(note, SIGNER.verifier)).previous
                for note in _notes(alder)][1:] == [
            note_hash(note) for note in _notes(alder)[:-1]
        ]  # fmt: skip

    def test_keeps_the_nodes_of_every_256_leaves(self, cast: Cast):
        alder = cast.alder.organization.id
        with owner_connection() as owner:
            owner.execute(
                "INSERT INTO audit_logs SELECT gen_random_uuid(), %s, now(), 'system', "
                "NULL, 'tests.thing.counted', 'thing', NULL, '[]', '{}' "
                "FROM generate_series(1, 600)",
                [alder],
            )
        seal()

        nodes = asked(
            "SELECT level, position, hash FROM ledger_nodes ORDER BY level, position"
        )
        roots = []
        for start in (0, 256):
            frontier = Frontier()
            for leaf in _leaves(alder)[start : start + 256]:
                frontier.append(leaf)
            roots.append(frontier.root)
        assert [(level, at, bytes(node)) for level, at, node in nodes] == [
            (8, 0, roots[0]),
            (8, 1, roots[1]),
        ]


class TestLedgersTables:
    @pytest.mark.parametrize("table", ["leaves", "nodes", "checkpoints"])
    @pytest.mark.parametrize(
        "change", ["DELETE FROM ledger_{}", "TRUNCATE ledger_{}",
                   "UPDATE ledger_{} SET organization_id = organization_id"],
    )  # fmt: skip
    def test_refuse_a_change_even_of_their_owner(
        self, cast: Cast, table: str, change: str
    ):
        write_row(cast.alder.organization.id)
        seal()
        with owner_connection() as owner:
            owner.execute(
                "INSERT INTO ledger_nodes VALUES (gen_random_uuid(), 8, 0, %s)",
                [bytes(32)],
            )

            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(change.format(table))

    def test_are_read_by_the_product_within_a_scope_and_never_written(self, cast: Cast):
        from sondervoice.kernel import tenancy  # noqa: PLC0415

        write_row(cast.alder.organization.id)
        write_row(cast.birch.organization.id)
        seal()
        count = "SELECT count(*) FROM ledger_leaves"

        with connection.cursor() as cursor:
            cursor.execute(count)
            assert cursor.fetchone() == (0,)
            with tenancy.scope(cast.alder.organization.id):
                cursor.execute(count)
                assert cursor.fetchone() == (1,)
            cursor.execute(
                "SELECT has_table_privilege('sv_app', 'ledger_leaves', 'INSERT'), "
                "has_table_privilege('sv_app', 'ledger_state', 'SELECT')"
            )
            assert cursor.fetchone() == (False, False)
