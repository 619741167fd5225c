import stat
from datetime import UTC, datetime

import pytest

from compliance.keys.generations import GenerationFile
from sondervoice.embedded import secrets
from sondervoice.embedded.errors import EmbeddedError


def mode_of(path):
    return oct(stat.S_IMODE(path.stat().st_mode))


class TestSecretKey:
    def test_is_made_once_for_its_owner_alone(self, tmp_path):
        path = secrets.secret_key(tmp_path)
        first = path.read_text()

        assert secrets.secret_key(tmp_path).read_text() == first
        assert len(first) == 67
        assert mode_of(path) == "0o600"


@pytest.mark.parametrize("name", ["keyring", "ledger_key"])
class TestKey:
    def test_is_32_bytes_made_once(self, tmp_path, name):
        path = getattr(secrets, name)(tmp_path)
        first = path.read_bytes()

        assert getattr(secrets, name)(tmp_path).read_bytes() == first
        assert path == tmp_path / name
        assert len(first) == 32
        assert mode_of(path) == "0o600"

    def test_is_never_made_anew_over_a_damaged_one(self, tmp_path, name):
        (tmp_path / name).write_bytes(b"short")

        with pytest.raises(EmbeddedError, match="damaged"):
            getattr(secrets, name)(tmp_path)

        assert (tmp_path / name).read_bytes() == b"short"


class TestRotatedKeyring:
    def test_is_left_as_rotation_made_it(self, tmp_path):
        path = secrets.keyring(tmp_path)
        GenerationFile(path).add("AAAA", now=datetime(2026, 11, 26, tzinfo=UTC))
        rotated = path.read_bytes()

        assert secrets.keyring(tmp_path) == path
        assert path.read_bytes() == rotated
        assert len(rotated.splitlines()) == 3


class TestPasswords:
    def test_keeps_the_old_when_a_name_is_new(self, tmp_path):
        path = tmp_path / "postgres.json"
        first = secrets.passwords(path, ["sv_app"])

        second = secrets.passwords(path, ["sv_app", "sv_owner"])

        assert second["sv_app"] == first["sv_app"]
        assert set(second) == {"sv_app", "sv_owner"}
        assert len(set(second.values())) == 2
        assert mode_of(path) == "0o600"
