import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from compliance.keys.store import FileKeyStore
from tests.clock import StoppedClock, stopped_clock
from tests.fakes.kms import kms
from tests.fakes.kms.client import lend_credentials
from tests.integration.compliance.keys.conftest import (
    DAY,
    Installation,
    forget,
    record,
)

__all__ = ["stopped_clock"]

pytestmark = pytest.mark.django_db

ONE = UUID(int=1)


@pytest.fixture
def clock(stopped_clock: StoppedClock) -> StoppedClock:
    stopped_clock.at = DAY
    return stopped_clock


def _said(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("keys", *arguments, stdout=out)
    return out.getvalue().splitlines()


class TestShow:
    def test_says_what_stands(self, installation: Installation, clock: StoppedClock):
        installation.seal(ONE, "words")

        first, *rest = _said("show")

        assert first.startswith("software keys, 1-")
        assert first.endswith(" (Enabled)")
        assert rest == [
            "generation 1, made 2026-11-26",
            "next rotation 2027-02-24",
            "1 month keys of 1 clinics, 0 keys wait to be wrapped anew",
        ]

    @pytest.mark.parametrize(
        ("days", "words"),
        [
            (None, "never, automatic rotation is off in the key service"),
            (90, "every 90 days, next 2027-02-24"),
        ],
    )
    def test_says_of_a_key_service_what_it_says(
        self,
        installation: Installation,
        clock: StoppedClock,
        settings,
        monkeypatch,
        days: int | None,
        words: str,
    ):
        lend_credentials(monkeypatch)
        with kms() as service:
            key = service.room.add()
            key.rotated_every_days = days
            key.next_rotation_s = (DAY + timedelta(days=90)).timestamp()
            settings.KMS_KEY_ID, settings.KMS_ENDPOINT_URL = key.arn, service.url
            forget()

            assert _said("show")[2:4] == [
                f"new key material: {words}",
                "wrapped anew next 2027-02-24",
            ]


class TestRotate:
    def test_says_what_was_done(self, installation: Installation, clock: StoppedClock):
        sealed = installation.seal(ONE, "words")

        assert _said("rotate") == ["generation 2: 1 keys wrapped anew"]
        assert _said("rewrap") == ["generation 2: 0 keys wrapped anew"]
        clock.move(days=8)
        assert _said("rewrap") == ["generation 2: 0 keys wrapped anew", "given up: 1"]
        assert installation.open(ONE, sealed) == "words"

    def test_fails_where_a_key_does_not_open(
        self, installation: Installation, clock: StoppedClock
    ):
        installation.seal(ONE, "words")
        (installation.store.directory / str(ONE) / "index").write_bytes(b"nonsense")

        with pytest.raises(CommandError, match=r"^1 keys do not open"):
            _said("rotate")

    def test_waits_for_another_run(self, installation: Installation):
        with (
            installation.store.rotating(),
            pytest.raises(CommandError, match=r"^Another rotation runs"),
        ):
            _said("rotate")

    def test_says_that_the_key_service_is_away(
        self, installation: Installation, settings, monkeypatch
    ):
        installation.seal(ONE, "words")
        arn = "arn:aws:kms:eu-central-1:111122223333:key/0"
        settings.KMS_KEY_ID, settings.KMS_ENDPOINT_URL = arn, "http://127.0.0.1:1"
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
        forget()

        with pytest.raises(CommandError, match=r"^aws-kms: EndpointConnectionError"):
            _said("rotate")


class TestCopy:
    def test_is_dated_and_whole(
        self, installation: Installation, clock: StoppedClock, tmp_path: Path
    ):
        installation.seal(ONE, "words")
        installation.fresh().make_call_key(organization_id=ONE, call_id=ONE, now=DAY)
        copies = tmp_path / "copies"

        (said,) = _said("copy", str(copies))

        (copy,) = copies.iterdir()
        assert copy.name == "keys-20261126T020000Z"
        assert said == f"2 keys in {copy}; 0 old copies deleted"
        assert _files(copy) == _files(installation.store.directory)
        assert len(_files(copy)) == 2
        assert {path.stat().st_mode & 0o777 for path in copy.rglob("*-*-*")} == {
            0o600,
            0o700,
        }
        assert record() == [("copied", None, {"count": 2, "deleted": 0})]

    def test_lives_seven_days(
        self, installation: Installation, clock: StoppedClock, tmp_path: Path
    ):
        installation.seal(ONE, "words")
        copies = tmp_path / "copies"
        copies.mkdir()
        (copies / "keys-of-mine").mkdir()
        (copies / ".keys-20261126T015900Z.part").mkdir()
        for _ in range(9):
            _said("copy", str(copies))
            clock.move(days=1)

        names = sorted(path.name for path in copies.iterdir())

        assert names == [
            *(
                f"keys-{DAY + timedelta(days=day):%Y%m%dT%H%M%SZ}"
                for day in range(2, 9)
            ),
            "keys-of-mine",
        ]

    def test_holds_a_destroyed_key_no_more_after_seven_days(
        self, installation: Installation, clock: StoppedClock, tmp_path: Path
    ):
        installation.fresh().make_call_key(organization_id=ONE, call_id=ONE, now=DAY)
        copies = tmp_path / "copies"
        _said("copy", str(copies))
        name = f"call-{ONE}"
        installation.store.destroy(ONE, name)
        assert list(installation.store.directory.rglob(name)) == []
        assert len(list(copies.rglob(name))) == 1

        clock.move(days=7)
        _said("copy", str(copies))

        assert list(copies.rglob(name)) == []

    @pytest.mark.parametrize("place", ["keys", "keys/copies", "."])
    def test_does_not_stand_in_the_key_store(
        self, installation: Installation, tmp_path: Path, place: str
    ):
        installation.seal(ONE, "words")
        before = sorted(tmp_path.rglob("*"))

        with pytest.raises(CommandError, match="must stand outside"):
            _said("copy", str(tmp_path / place))

        assert sorted(tmp_path.rglob("*")) == before
        assert record() == []

    def test_opens_after_a_rotation_for_as_long_as_it_lives(
        self, installation: Installation, clock: StoppedClock, tmp_path: Path, settings
    ):
        sealed = installation.seal(ONE, "words")
        _said("copy", str(tmp_path / "copies"))
        _said("rotate")
        clock.move(days=6, hours=23)
        _said("rewrap")
        (copy,) = (tmp_path / "copies").iterdir()

        settings.KEY_STORE_DIR = copy

        assert installation.open(ONE, sealed) == "words"


def _files(folder: Path) -> dict[str, bytes]:
    store = FileKeyStore(folder)
    return {
        f"{one}/{entry.name}": Path(entry.path).read_bytes()
        for one in store.organizations()
        for entry in os.scandir(folder / str(one))
    }
