"""The ledger's own tables, in the hands of whoever owns the server."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from compliance.ledger.anchors import FileAnchors
from compliance.ledger.findings import Wrong
from compliance.ledger.services.anchor_checkpoints import anchor_checkpoints
from compliance.ledger.services.verify_ledger import verify_ledger
from sondervoice.kernel.clock import utc_now
from tests.cast import NOW
from tests.integration.compliance.ledger.record import (
    SIGNER,
    asked,
    seal,
    superuser_connection,
    write_row,
)
from tests.integration.compliance.ledger.test_verify_ledger import (
    _look,
    _named,
    alder,
    store,
    superuser,
)

__all__ = ["alder", "store", "superuser"]

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]

_FORGE_A_ROW = (
    "INSERT INTO audit_logs SELECT gen_random_uuid(), organization_id, at, "
    "actor_kind, actor_id, action, subject_kind, subject_id, fields, facts, "
    "xid FROM audit_logs WHERE organization_id = %s LIMIT 1 RETURNING id, at"
)
_ADD_A_LEAF = "INSERT INTO ledger_leaves VALUES (%s, %s, %s, %s, sha256('x'))"


class TestStrayLeaf:
    def test_hides_no_forged_row(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        ((row, at),) = superuser.execute(_FORGE_A_ROW, [alder]).fetchall()
        superuser.execute(_ADD_A_LEAF, [alder, 1_000_000, row, at])

        assert _named(_look(store)) == [
            (Wrong.LEAF, 1_000_000, row),
            (Wrong.ADDED, None, row),
        ]

    def test_of_another_tree_hides_no_forged_row(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        ((row, at),) = superuser.execute(_FORGE_A_ROW, [alder]).fetchall()
        superuser.execute(_ADD_A_LEAF, [UUID(int=7), 0, row, at])

        assert _named(_look(store)) == [
            (Wrong.LEAF, 0, row),
            (Wrong.ADDED, None, row),
        ]

    def test_in_a_place_that_is_taken_is_counted(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        ((row, at),) = superuser.execute(_FORGE_A_ROW, [alder]).fetchall()
        superuser.execute(
            "ALTER TABLE ledger_leaves DROP CONSTRAINT ledger_leaves_pkey"
        )
        superuser.execute(_ADD_A_LEAF, [alder, 3, row, at])
        try:
            findings = _look(store).findings
        finally:
            superuser.execute("DELETE FROM ledger_leaves WHERE row_id = %s", [row])
            superuser.execute(
                "ALTER TABLE ledger_leaves ADD PRIMARY KEY (organization_id, position)"
            )

        assert (Wrong.LEAF, alder, "9 leaves stand where 8 rows were sealed") in [
            (one.wrong, one.organization_id, one.words) for one in findings
        ]

    def test_that_keeps_a_new_row_from_being_sealed_is_found(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection, caplog
    ):
        write_row(alder)
        ((row, at),) = asked(
            "SELECT id, at FROM audit_logs, ledger_state WHERE xid >= horizon"
        )
        superuser.execute(_ADD_A_LEAF, [alder, 1_000_000, row, at])
        assert seal() == 0
        assert "a leaf that nobody sealed" in caplog.text

        leaf = (Wrong.LEAF, 1_000_000, row)
        assert _named(_look(store)) == [leaf, (Wrong.ADDED, None, row)]
        superuser.execute("DELETE FROM audit_logs WHERE id = %s", [row])
        assert _named(_look(store)) == [leaf]


class TestAnchorsOfTheDatabase:
    def test_are_taken_up_again_all_of_them_and_anchoring_goes_on(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection, caplog
    ):
        anchor_checkpoints(store=store, now=NOW)
        write_row(alder)
        seal()
        anchor_checkpoints(store=store, now=NOW)
        superuser.execute("DELETE FROM ledger_anchors WHERE number > 1")
        (finding,) = _look(store).findings
        assert (finding.wrong, finding.words) == (
            Wrong.STATE,
            "the database does not know the anchors 2 to 3",
        )
        write_row(alder)
        seal()

        anchor_checkpoints(store=store, now=NOW)
        assert "anchors stand that the database had forgotten" in caplog.text
        assert anchor_checkpoints(store=store, now=NOW) == 1

        assert (store.count(), _look(store).findings) == (4, ())
        assert asked("SELECT number FROM ledger_anchors ORDER BY 1") == [
            (1,), (2,), (3,), (4,),
        ]  # fmt: skip

    def test_that_were_never_written_are_found(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        superuser.execute(
            "INSERT INTO ledger_anchored VALUES (%s, 1000000, 1)", [alder]
        )
        assert anchor_checkpoints(store=store, now=NOW) == 0

        (finding,) = _look(store).findings

        assert (finding.wrong, finding.organization_id, finding.words) == (
            Wrong.STATE,
            alder,
            "the database says that 1000000 rows are anchored, 6 are",
        )

    @pytest.mark.parametrize(
        "change",
        ["DELETE FROM ledger_anchors", "UPDATE ledger_anchors SET sha256 = sha256('x')",
         "TRUNCATE ledger_anchors"],
    )  # fmt: skip
    def test_are_guarded_as_the_rest(self, alder: UUID, change: str):
        with (
            superuser_connection() as hands,
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
        ):
            hands.execute(change)


class TestWhatIsLate:
    def test_to_be_anchored_is_named_after_a_quarter_of_an_hour(
        self, alder: UUID, store: FileAnchors
    ):
        def look(minutes: int) -> list:
            now = NOW + timedelta(minutes=minutes)
            verdict = verify_ledger(store=store, verifiers=[SIGNER.verifier], now=now)
            return [(one.wrong, one.organization_id) for one in verdict.findings]

        assert look(15) == []
        assert look(16) == [(Wrong.UNANCHORED, alder)]
        anchor_checkpoints(store=store, now=NOW)
        assert look(16) == []

    def test_to_be_sealed_is_named_after_ten_minutes(
        self, alder: UUID, store: FileAnchors
    ):
        anchor_checkpoints(store=store, now=NOW)
        write_row(alder)

        def look(minutes: int) -> list:
            now = utc_now() + timedelta(minutes=minutes)
            return list(
                verify_ledger(
                    store=store, verifiers=[SIGNER.verifier], now=now
                ).findings
            )

        assert look(9) == []
        (finding,) = look(11)
        assert finding.wrong is Wrong.UNSEALED
        assert finding.words.startswith("1 rows wait to be sealed since 20")
        assert _look(store).findings == ()


class TestState:
    def test_that_is_gone_is_found_and_what_waits_is_counted(
        self, alder: UUID, store: FileAnchors, superuser: psycopg.Connection
    ):
        ((horizon,),) = asked("SELECT horizon::text FROM ledger_state")
        write_row(alder)
        superuser.execute("DELETE FROM ledger_state")
        try:
            verdict = _look(store)
        finally:
            superuser.execute(
                "INSERT INTO ledger_state (horizon) VALUES (%s::xid8)", [horizon]
            )

        assert [(one.wrong, one.words) for one in verdict.findings] == [
            (Wrong.STATE, "the sealer's state is gone")
        ]
        assert verdict.unsealed == 1
