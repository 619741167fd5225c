"""An installation's keys of the test's own: a keyring, a key store, no key service."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from compliance.keys import keys as module
from compliance.keys.keys import Keys
from compliance.keys.sealing import Place
from compliance.keys.store import FileKeyStore
from compliance.keys.wrapping import Wrapping
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy

DAY = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
ROW = UUID(int=7)
_CACHED = (module.keys, module.key_store, module.key_wrapping)


def forget() -> None:
    """Let the next who asks read the settings anew."""
    for one in _CACHED:
        one.cache_clear()


@dataclass
class Installation:
    folder: Path

    @property
    def keyring(self) -> Path:
        return self.folder / "keyring"

    @property
    def store(self) -> FileKeyStore:
        return module.key_store()

    @property
    def wrapping(self) -> Wrapping:
        return module.key_wrapping()

    def fresh(self) -> Keys:
        """Return keys with nothing held in memory, as another process has them."""
        forget()
        return module.keys()

    def seal(self, organization_id: UUID, text: str, *, now: datetime = DAY) -> bytes:
        place = Place(organization_id, "diary", "name", ROW)
        return module.keys().seal_field(text, place, now=now)

    def open(self, organization_id: UUID, sealed: bytes) -> str:
        place = Place(organization_id, "diary", "name", ROW)
        return self.fresh().unseal_field(sealed, place)

    def generations_in_use(self) -> set[int]:
        return {
            int.from_bytes(self.store.get(one, name)[2:6], "big")
            for one in self.store.organizations()
            for name in self.store.root_wrapped(one)
        }


@pytest.fixture
def installation(tmp_path: Path, settings) -> Iterator[Installation]:
    (tmp_path / "keyring").write_bytes(os.urandom(32))
    os.utime(tmp_path / "keyring", (DAY.timestamp(), DAY.timestamp()))
    settings.KEYRING_PATH = tmp_path / "keyring"
    settings.KEY_STORE_DIR = tmp_path / "keys"
    forget()
    yield Installation(tmp_path)
    forget()


def record(*organizations: UUID) -> list[tuple[str, UUID | None, dict]]:
    """Return what was written in no clinic, then what in each of these."""
    ours = AuditLog.unscoped.filter(action__startswith="compliance.keys.")
    rows = list(ours.filter(organization_id=None).order_by("at", "id"))
    for organization_id in organizations:
        with tenancy.scope(organization_id):
            rows += AuditLog.objects.filter(action__startswith="compliance.keys.")
    return [
        (row.action.rpartition(".")[2], row.organization_id, row.facts) for row in rows
    ]
