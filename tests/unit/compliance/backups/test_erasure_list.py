from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from compliance.backups.erasure_list import Erasure, ErasureList
from compliance.backups.errors import BackupBrokenError
from tests.integration.compliance.ledger.record import SIGNER

AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
VERIFIERS = [SIGNER.verifier]


def erasure(number: int = 1, *, at: datetime = AT) -> Erasure:
    return Erasure(
        batch_id=UUID(int=number),
        organization_id=UUID(int=100),
        holder="recordings.audio",
        ids=[UUID(int=7), UUID(int=8)],
        erased_at=at,
    )


@pytest.fixture
def listed(tmp_path: Path) -> ErasureList:
    return ErasureList(tmp_path)


class TestErasureList:
    def test_gives_back_what_was_written(self, listed):
        listed.add([erasure()], SIGNER)

        assert list(listed.since(None, VERIFIERS)) == [erasure()]

    def test_writes_a_batch_once(self, listed, tmp_path):
        listed.add([erasure()], SIGNER)
        (path,) = tmp_path.rglob("*.txt")
        before = path.stat()
        listed.add([erasure()], SIGNER)

        assert path.stat().st_ino == before.st_ino
        assert [one.name for one in path.parent.iterdir()] == [path.name]

    def test_writes_several_batches_at_once_and_only_those_that_are_new(self, listed):
        listed.add([erasure(1)], SIGNER)
        listed.add([erasure(number) for number in (1, 2, 3)], SIGNER)

        assert list(listed.since(None, VERIFIERS)) == [
            erasure(number) for number in (1, 2, 3)
        ]

    def test_begins_a_day_before_the_backup(self, listed):
        days = [AT + timedelta(days=number) for number in range(-3, 2)]
        for number, at in enumerate(days):
            listed.add([erasure(number, at=at)], SIGNER)

        assert [one.erased_at for one in listed.since(AT, VERIFIERS)] == days[2:]

    def test_believes_no_entry_that_was_changed_or_that_another_signed(
        self, listed, tmp_path
    ):
        listed.add([erasure()], SIGNER)
        (path,) = tmp_path.rglob("*.txt")
        text = path.read_text()
        path.chmod(0o600)
        path.write_text(text.replace("recordings.audio", "telephony.fields"))

        with pytest.raises(BackupBrokenError, match="not ours"):
            list(listed.since(None, VERIFIERS))

    def test_believes_no_manifest_in_an_entrys_place(self, listed, tmp_path):
        (tmp_path / "2026-11-26").mkdir()
        path = tmp_path / "2026-11-26" / "x.txt"
        path.write_text(SIGNER.sign("tests.example/ledger/backup\n{}\n"))

        with pytest.raises(BackupBrokenError, match="not ours"):
            list(listed.since(None, VERIFIERS))

    def test_drops_whole_days(self, listed, tmp_path):
        for number, days in enumerate((-2, -1, 0)):
            listed.add([erasure(number, at=AT + timedelta(days=days))], SIGNER)

        assert listed.drop_before(AT) == 2
        assert [one.name for one in tmp_path.iterdir()] == ["2026-11-26"]
