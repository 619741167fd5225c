"""An installation with a place for backups, on the database of the tests."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.core.files.storage import storages
from django.db import connections
from psycopg import sql

from compliance.backups.manifest import Manifest
from compliance.backups.programs import with_database
from compliance.backups.scratch import drop_database
from compliance.backups.services.make_backup import Made, make_backup
from compliance.backups.shelf import Shelf
from compliance.keys import keys as key_module
from compliance.ledger.signer import signer
from sondervoice.kernel import tenancy
from telephony.models import Call
from tests.cast import Cast
from tests.cast_calls import leave_message, make_call, say
from tests.cast_fixtures import cast, signed_in
from tests.cast_sound import store_sound
from tests.clock import StoppedClock, stopped_clock
from tests.integration.compliance.retention.nights import THREE

__all__ = ["cast", "signed_in", "stopped_clock"]

_CACHED = (key_module.keys, key_module.key_store, key_module.key_wrapping)
CANARY = "canary of the transcript"


@dataclass
class Place:
    """Where this test's installation keeps its things."""

    folder: Path
    owner_url: str

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.folder / "backups")

    @property
    def key(self) -> bytes:
        return (self.folder / "backup_key").read_bytes()

    def back_up(self, now=THREE + timedelta(minutes=15)) -> Made:
        return make_backup(shelf=self.shelf, signer=signer(), now=now)

    def manifest(self, made: Made) -> Manifest:
        (one,) = [x for x in self.shelf.backups() if x.folder == made.folder]
        return one.manifest([signer().verifier])


@pytest.fixture
def place(tmp_path: Path, settings, db: None) -> Iterator[Place]:
    name = connections["default"].settings_dict["NAME"]
    url = with_database(os.environ["DATABASE_OWNER_URL"], name)
    for one in ("backup_key", "keyring"):
        (tmp_path / one).write_bytes(os.urandom(32))
    settings.DATABASE_OWNER_URL = url
    settings.BACKUP_DIR = str(tmp_path / "backups")
    settings.BACKUP_KEY_PATH = tmp_path / "backup_key"
    settings.KEYRING_PATH = tmp_path / "keyring"
    settings.KEY_STORE_DIR = tmp_path / "keys"
    settings.LEDGER_ANCHOR_DIR = tmp_path / "anchors"
    settings.ERASURE_LIST_DIR = tmp_path / "erasures"
    settings.SPOOL_DIR = tmp_path / "spool"
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    settings.STORAGES = {
        **settings.STORAGES,
        "recordings": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": recordings},
        },
    }
    for cached in _CACHED:
        cached.cache_clear()
    assert Path(storages["recordings"].location) == recordings
    yield Place(tmp_path, url)
    for cached in _CACHED:
        cached.cache_clear()


@pytest.fixture
def make_due(cast: Cast, place: Place) -> Callable[..., Call]:
    """A whole call of Alder's that is due at the midnight so many days before."""

    def make(days: int = 0) -> Call:
        with tenancy.scope(cast.alder.organization.id):
            call = make_call(
                cast.alder,
                at=THREE - timedelta(days=180 + days, hours=9),
                name="Canary Wharfinger",
                seconds=9,
            )
            say(call, 1, "agent", "Alder Clinic.", at_ms=300)
            say(call, 2, "caller", CANARY, at_ms=900)
            leave_message(call, "canary of the message", name="Canary Wharfinger")
            store_sound(call)
        return call

    return make


@pytest.fixture
def three(stopped_clock: StoppedClock) -> StoppedClock:
    stopped_clock.at = THREE
    return stopped_clock


@pytest.fixture
def empty_database(place: Place) -> Iterator[str]:
    """The owner's URL of a database with nothing in it, on the server of the tests."""
    name = f"restored_{uuid4().hex[:12]}"
    with psycopg.connect(place.owner_url, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield with_database(place.owner_url, name)
        drop_database(owner, name)
