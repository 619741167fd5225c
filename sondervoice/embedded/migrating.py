"""Brings the database up to date, as its owner, where there is something to do."""

import hashlib
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sondervoice.embedded.console import say, tail
from sondervoice.embedded.errors import EmbeddedError
from sondervoice.embedded.layout import REPOSITORY, Layout
from sondervoice.embedded.postgres import Postgres
from sondervoice.embedded.process import end, spawn
from sondervoice.embedded.secrets import write_private


def migrate(
    layout: Layout,
    postgres: Postgres | None,
    environment: Mapping[str, str],
    pause: Callable[[float], None],
) -> None:
    """Run the migrations, unless this very cluster has had these very ones.

    A database that is not ours is asked each time.

    Raises:
        EmbeddedError: If they fail, with their last words.
    """
    stamp = None if postgres is None else postgres.home / "migrated"
    wanted = "" if postgres is None else fingerprint(REPOSITORY, postgres.data)
    if stamp is not None and stamp.exists() and stamp.read_text() == wanted:
        say("Database up to date")
        return
    say("Migrating the database …")
    started = time.monotonic()
    owner = _owner_url(environment)
    log = layout.logs / "migrate.log"
    _manage("migrate", log, {**environment, "DATABASE_URL": owner}, pause)
    # The people and the diary of the demo, so that the number can be rung at once.
    _manage("seed_demo", log, environment, pause)
    if stamp is not None:
        write_private(stamp, wanted.encode())
    say(f"Database migrated ({time.monotonic() - started:.1f} s)")


def fingerprint(repository: Path, data: Path) -> str:
    """Return a hash of all that decides what `migrate` would do to this cluster.

    Migrations of packages change with the requirements, the list of apps with the
    settings; the cluster is told from its successor by when its files were made.
    """
    digest = hashlib.sha256()
    for path in _sources(repository):
        digest.update(str(path.relative_to(repository)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update(str((data / "PG_VERSION").stat().st_mtime_ns).encode())
    return digest.hexdigest()


def _sources(repository: Path) -> Iterator[Path]:
    yield repository / "requirements.txt"
    yield from sorted(repository.glob("sondervoice/settings/*.py"))
    for package in sorted(repository.glob("*/__init__.py")):
        yield from sorted(package.parent.rglob("migrations/*.py"))


def _owner_url(environment: Mapping[str, str]) -> str:
    owner = environment.get("DATABASE_OWNER_URL", "")
    if not owner:
        raise EmbeddedError(
            "DATABASE_OWNER_URL is not set: with a DATABASE_URL of your own, set the "
            "owner's, the operator's and the sealer's too."
        )
    return owner


def _manage(
    command: str,
    log: Path,
    environment: Mapping[str, str],
    pause: Callable[[float], None],
) -> None:
    process = spawn(
        [sys.executable, "manage.py", command],
        environment=environment,
        log=log,
        folder=REPOSITORY,
    )
    try:
        while process.poll() is None:
            pause(0.05)
    finally:
        end(process, first=signal.SIGTERM, grace_s=5)
    if process.returncode != 0:
        raise EmbeddedError(f"`manage.py {command}` failed, see {log}:\n{tail(log)}")
