"""A backup that is killed at any instant leaves a whole one or none."""

import signal
import time
from pathlib import Path

import pytest

from compliance.backups.services.check_backup import open_backup
from compliance.ledger.signer import signer
from tests.integration.compliance.backups.conftest import Place
from tests.integration.compliance.backups.machine import begin, command, environment
from tests.integration.compliance.retention.nights import run_night

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 60.0


def wait_for(folder: Path, pattern: str, process) -> None:
    """Look until such a file stands there or the process is over."""
    until = time.monotonic() + PATIENCE_S
    while not any(folder.glob(pattern)) and process.poll() is None:
        assert time.monotonic() < until


@pytest.mark.parametrize(
    "pattern",
    [
        ".backup-*",
        ".backup-*/database.sealed",
        ".backup-*/objects.sealed",
        ".backup-*/manifest.txt",
    ],
)
def test_leaves_a_whole_one_or_none(cast, place: Place, make_due, pattern: str):
    run_night(cast)
    make_due(-400)
    env = environment(place, place.owner_url, place.folder)
    folder = place.folder / "backups"
    env["BACKUP_DIR"] = str(folder)

    process = begin("backup", env=env)
    wait_for(folder, pattern, process)
    process.kill()
    process.communicate()

    assert process.returncode in {-signal.SIGKILL, 0}
    for backup in place.shelf.backups():
        open_backup(backup, key=place.key, verifiers=[signer().verifier]).check()


def test_the_next_one_clears_what_was_left(cast, place: Place, make_due):
    run_night(cast)
    make_due(-400)
    env = environment(place, place.owner_url, place.folder)
    folder = place.folder / "backups"
    env["BACKUP_DIR"] = str(folder)
    process = begin("backup", env=env)
    wait_for(folder, ".backup-*/database.sealed", process)
    process.kill()
    process.communicate()

    said = command("backup", env=env)

    assert "rows and 1 recordings in" in said
    assert list(folder.glob(".backup-*")) == []
    newest = place.shelf.newest()
    open_backup(newest, key=place.key, verifiers=[signer().verifier]).check()
