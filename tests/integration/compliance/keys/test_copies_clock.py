"""The clock that copies the key store, and ends copies whatever else fails."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from compliance.keys import jobs
from tests.clock import StoppedClock, stopped_clock
from tests.integration.compliance.keys.conftest import DAY, Installation, record

__all__ = ["stopped_clock"]

pytestmark = pytest.mark.django_db

ONE = UUID(int=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(stopped_clock: StoppedClock) -> StoppedClock:
    stopped_clock.at = DAY
    return stopped_clock


@pytest.fixture
def copies(tmp_path: Path, settings, installation: Installation) -> Path:
    settings.KEY_COPIES_DIR = str(tmp_path / "copies")
    installation.seal(ONE, "words")
    return tmp_path / "copies"


def _names(copies: Path) -> list[str]:
    return sorted(path.name for path in copies.iterdir())


class TestCopying:
    def test_is_asked_for_each_hour(self, settings):
        assert settings.CELERY_BEAT_SCHEDULE["copy-keys"] == {
            "task": "compliance.copy_keys",
            "schedule": 3600.0,
        }

    def test_happens_once_a_day(self, copies: Path, clock: StoppedClock):
        for _ in range(25):
            jobs.copy_keys_daily()
            clock.move(hours=1)

        assert _names(copies) == ["keys-20261126T020000Z", "keys-20261127T020000Z"]
        assert record() == [("copied", None, {"count": 1, "deleted": 0})] * 2

    def test_does_nothing_where_no_place_is_set(
        self, installation: Installation, clock: StoppedClock, settings, tmp_path: Path
    ):
        installation.seal(ONE, "words")
        settings.KEY_COPIES_DIR = ""
        before = sorted(tmp_path.rglob("*"))

        jobs.copy_keys_daily()

        assert sorted(tmp_path.rglob("*")) == before
        assert record() == []

    def test_is_tried_again_where_the_place_is_wrong(
        self, copies: Path, clock: StoppedClock, settings, caplog
    ):
        good, settings.KEY_COPIES_DIR = copies, str(settings.KEY_STORE_DIR)
        jobs.copy_keys_daily()
        assert "the key store was not copied" in caplog.messages
        assert record() == []

        settings.KEY_COPIES_DIR = str(good)
        clock.move(hours=1)
        jobs.copy_keys_daily()

        assert _names(good) == ["keys-20261126T030000Z"]


class TestEnding:
    @pytest.mark.parametrize("minutes", [0, 7, 59])
    def test_comes_before_a_copy_is_older_than_seven_days(
        self, copies: Path, clock: StoppedClock, minutes: int
    ):
        jobs.copy_keys_daily()
        made_at = clock.at
        clock.move(minutes=minutes)

        while (copies / "keys-20261126T020000Z").exists():
            assert clock.at < made_at + timedelta(days=7)
            clock.move(hours=1)
            jobs.copy_keys_daily()

        assert clock.at <= made_at + timedelta(days=7)
        assert clock.at >= made_at + timedelta(days=7) - HOUR
        assert len(_names(copies)) == 6

    def test_comes_although_no_new_copy_can_be_made(
        self, copies: Path, clock: StoppedClock, monkeypatch, caplog
    ):
        jobs.copy_keys_daily()
        clock.move(days=7)

        def is_full(*_args: object) -> Path:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(
            "compliance.keys.services.copy_key_store.write_draft", is_full
        )
        jobs.copy_keys_daily()

        assert _names(copies) == []
        assert "the key store was not copied" in caplog.messages
        assert record() == [
            ("copied", None, {"count": 1, "deleted": 0}),
            ("copies_ended", None, {"count": 1}),
        ]

    def test_leaves_what_is_being_written_and_what_is_not_ours(
        self, copies: Path, clock: StoppedClock
    ):
        (copies / ".keys-20261126T015900Z.part").mkdir(parents=True)
        (copies / ".keys-20261125T015900Z.part").mkdir()
        (copies / "keys-of-mine").mkdir()

        jobs.copy_keys_daily()

        assert _names(copies) == [
            ".keys-20261126T015900Z.part",
            "keys-20261126T020000Z",
            "keys-of-mine",
        ]
