import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from compliance.keys.generations import (
    Generation,
    GenerationFile,
    GenerationsBrokenError,
)
from compliance.keys.provider import retirable

DAY = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keyring"


class TestGenerationFile:
    def test_takes_32_bytes_for_one_as_old_as_the_file(self, path: Path):
        path.write_bytes(bytes(32))
        os.utime(path, (DAY.timestamp(), DAY.timestamp()))

        (one,) = GenerationFile(path).read()

        assert (one.number, one.made_at, one.value) == (1, DAY, "A" * 43 + "=")

    def test_adds_and_gives_up(self, path: Path):
        path.write_bytes(bytes(32))
        file = GenerationFile(path)

        added = file.add("c2Vjb25k", now=DAY)
        file.give_up([1])

        assert added == Generation(2, DAY, "c2Vjb25k")
        assert [one.is_live for one in file.read()] == [False, True]
        assert path.stat().st_mode & 0o777 == 0o600
        assert [one.name for one in path.parent.iterdir()] == ["keyring"]

    def test_sees_what_another_process_added(self, path: Path):
        here, there = GenerationFile(path), GenerationFile(path)
        here.add("one", now=DAY)
        assert len(here.read()) == 1

        there.add("two", now=DAY)

        assert [one.value for one in here.read()] == ["one", "two"]

    def test_shows_no_value(self):
        assert "secret" not in repr(Generation(1, DAY, "secret"))

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"x" * 31,
            b"x" * 33,
            b"sondervoice generations 1\n",
            b"sondervoice generations 1\n1 2026-11-26T00:00:00+00:00 one",
            b"sondervoice generations 1\n1 yesterday one\n",
            b"sondervoice generations 1\n1 2026-11-26T00:00:00+00:00 -\n",
            b"sondervoice generations 1\n1 2026-11-26T00:00:00 naive\n",
            b"sondervoice generations 1\nnonsense\n1 2026-11-26T00:00:00+00:00 one\n",
            b"sondervoice generations 1\n2 2026-11-26T00:00:00+00:00 two\n"
            b"1 2026-11-26T00:00:00+00:00 one\n",
        ],
    )
    def test_refuses_what_is_damaged(self, path: Path, raw: bytes):
        path.write_bytes(raw)

        with pytest.raises(GenerationsBrokenError):
            GenerationFile(path).read()

    def test_refuses_what_is_missing(self, path: Path):
        with pytest.raises(GenerationsBrokenError):
            GenerationFile(path).read()


class TestRetirable:
    GENERATIONS = (
        Generation(1, DAY - timedelta(days=200), "one"),
        Generation(2, DAY - timedelta(days=100), "two"),
        Generation(3, DAY, "three"),
    )

    @pytest.mark.parametrize(
        ("in_use", "days", "numbers"),
        [
            (set(), 0, [1]),
            ({1}, 0, []),
            (set(), 6, [1]),
            (set(), 7, [1, 2]),
            ({3}, 7, [1, 2]),
            ({1, 2}, 400, []),
            ({2}, 400, [1]),
        ],
    )
    def test_are_those_that_neither_keys_nor_copies_need(self, in_use, days, numbers):
        now = DAY + timedelta(days=days)

        assert retirable(self.GENERATIONS, in_use, now=now) == numbers
