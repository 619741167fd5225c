from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from compliance.ledger.anchors import FileAnchors
from compliance.ledger.findings import Verdict, Wrong
from compliance.ledger.restores import Lost, Restore, read_restores, state_restore
from compliance.ledger.services.anchor_checkpoints import anchor_checkpoints
from compliance.ledger.services.follow_anchors import Followed, follow_anchors
from compliance.ledger.services.verify_ledger import verify_ledger
from tests.cast import NOW
from tests.integration.compliance.ledger.record import SIGNER
from tests.integration.compliance.ledger.test_verify_ledger import (
    _named,
    _row,
    alder,
    store,
    superuser,
)

__all__ = ["alder", "store", "superuser"]

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]


@pytest.fixture
def followed(
    alder: UUID, store: FileAnchors, superuser: psycopg.Connection, tmp_path: Path
) -> Followed:
    """Return what is followed into a backup that has row 6 unsealed, and no row 7."""
    anchor_checkpoints(store=store, now=NOW)
    superuser.execute("DELETE FROM audit_logs WHERE id = %s", [_row(alder, 7)])
    for change in (
        "DELETE FROM ledger_leaves WHERE organization_id = %s AND position >= 6",
        "DELETE FROM ledger_checkpoints WHERE organization_id = %s AND size > 6",
        "DELETE FROM ledger_anchored WHERE organization_id = %s AND size > 6",
    ):
        superuser.execute(change, [alder])
    superuser.execute("DELETE FROM ledger_anchors WHERE number = 2")
    found = follow_anchors(store=store, now=NOW, tell=lambda _: None)
    restore = Restore(
        backup_at=NOW, restored_at=NOW, lost=found.lost, rows=found.rows,
        kept=found.kept,
    )  # fmt: skip
    state_restore(tmp_path, restore, SIGNER)
    return found


def _look(store: FileAnchors, tmp_path: Path) -> Verdict:
    lost: Lost = read_restores(tmp_path, [SIGNER.verifier])
    return verify_ledger(store=store, verifiers=[SIGNER.verifier], lost=lost)


class TestRestoredLedger:
    def test_says_which_rows_of_those_added_did_come_back(
        self, alder: UUID, followed: Followed, store: FileAnchors, tmp_path: Path
    ):
        assert (followed.lost, followed.rows) == ({alder: (6, 8)}, 1)
        assert followed.kept == {alder: [6]}
        assert _look(store, tmp_path).findings == ()

    def test_names_one_that_came_back_and_was_deleted_then(
        self, alder: UUID, followed: Followed, store: FileAnchors, tmp_path: Path,
        superuser: psycopg.Connection,
    ):  # fmt: skip
        row = _row(alder, 6)
        superuser.execute("DELETE FROM audit_logs WHERE id = %s", [row])

        assert _named(_look(store, tmp_path)) == [(Wrong.DELETED, 6, row)]
