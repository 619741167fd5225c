from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from compliance.ledger.anchors import AnchorBrokenError
from compliance.ledger.restores import Lost, Restore, read_restores, state_restore
from tests.integration.compliance.ledger.record import SIGNER

ALDER, BIRCH = UUID(int=1), UUID(int=2)
RESTORE = Restore(
    backup_at=datetime(2026, 11, 26, 3, 15, tzinfo=UTC),
    restored_at=datetime(2026, 11, 26, 18, 0, tzinfo=UTC),
    lost={ALDER: (10, 14)},
    rows=3,
    kept={ALDER: [12]},
)
VERIFIERS = [SIGNER.verifier]


class TestStatement:
    def test_is_read_as_it_was_written(self, tmp_path: Path):
        state_restore(tmp_path, RESTORE, SIGNER)

        assert read_restores(tmp_path, VERIFIERS) == Lost([RESTORE])

    def test_is_written_once(self, tmp_path: Path):
        state_restore(tmp_path, RESTORE, SIGNER)

        with pytest.raises(FileExistsError):
            state_restore(tmp_path, RESTORE, SIGNER)

    def test_is_not_believed_when_it_was_changed(self, tmp_path: Path):
        state_restore(tmp_path, RESTORE, SIGNER)
        (path,) = (tmp_path / "restores").iterdir()
        text = path.read_text()
        path.chmod(0o600)
        path.write_text(text.replace("[10, 14]", "[0, 14]"))

        with pytest.raises(AnchorBrokenError, match="not ours"):
            read_restores(tmp_path, VERIFIERS)

    def test_says_in_a_line_what_was_lost(self):
        assert str(RESTORE) == (
            "restored at 2026-11-26 18:00 UTC from a backup of 2026-11-26 03:15 UTC: "
            "3 rows of 1 records were lost"
        )


class TestLost:
    def test_has_the_rows_of_that_record_alone(self):
        lost = Lost([RESTORE])

        found = [at for at in range(20) if lost.has_row(ALDER, at)]
        assert found == [10, 11, 13]
        assert not lost.has_row(BIRCH, 10)

    def test_has_the_checkpoints_that_end_in_it(self):
        lost = Lost([RESTORE])

        assert [at for at in range(20) if lost.has_gap(ALDER, at)] == [11, 12, 13, 14]
        assert not Lost().has_gap(ALDER, 11)
