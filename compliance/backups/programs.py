"""PostgreSQL's own programs, found and run; no secret stands in their arguments."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote, urlsplit

from psycopg import pq
from psycopg.conninfo import conninfo_to_dict

from compliance.backups.errors import ProgramFailedError
from sondervoice.embedded.binaries import installed
from sondervoice.embedded.errors import EmbeddedError

LUMP_BYTES: Final = 1 << 20
_ENV_NAMES: Final = {
    option.keyword.decode(): option.envvar.decode()
    for option in pq.Conninfo.get_defaults()
    if option.envvar
}


def find_program(name: str, *, major: int) -> Path:
    """Return ``pg_dump`` or ``pg_restore`` for a server: of its version, else newer.

    An older program refuses a newer server; a newer one writes what an older server may
    not understand, so it comes second.

    Raises:
        ProgramFailedError: If there is none.
    """
    versions = {path: _major(path) for path in _candidates(name)}
    fit = [path for path, version in versions.items() if version == major]
    newer = [path for path, version in versions.items() if version > major]
    for path in (*fit, *newer):
        return path
    raise ProgramFailedError(
        f"There is no {name} for PostgreSQL {major}: install its client programs, or "
        "set SV_PGBIN to their folder"
    )


def _candidates(name: str) -> Iterator[Path]:
    if found := shutil.which(name):
        yield Path(found)
    try:
        path = installed(os.environ) / name
    except EmbeddedError:
        return
    if path.exists():
        yield path


def _major(program: Path) -> int:
    said = subprocess.run(  # noqa: S603 -- a program of PostgreSQL, no shell
        [str(program), "--version"], capture_output=True, check=False, text=True
    )
    words = said.stdout.split("(PostgreSQL)")[-1].split()
    return int(words[0].split(".")[0]) if said.returncode == 0 and words else 0


@contextmanager
def running(
    program: Path,
    arguments: Sequence[str],
    *,
    url: str,
    stdin: int | None = subprocess.DEVNULL,
    stdout: int | None = subprocess.DEVNULL,
    is_quiet: bool = False,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program on a database; it is killed when the block ends by an error.

    What it says goes where our own errors go: it may quote a row, so no log of ours and
    no exception takes it up.

    Raises:
        ProgramFailedError: If it ended with an error.
    """
    process = subprocess.Popen(  # noqa: S603 -- a program of PostgreSQL, no shell
        [str(program), *arguments],
        env=_environment(url),
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL if is_quiet else None,
    )
    try:
        yield process
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)
    if process.wait() != 0:
        raise ProgramFailedError(f"{program.name} ended with {process.returncode}")


def lumps_of(stream: IO[bytes] | None) -> Iterator[bytes]:
    """Yield what a program writes."""
    while stream is not None and (lump := stream.read(LUMP_BYTES)):
        yield lump


def with_database(url: str, name: str) -> str:
    """Return the URL of another database on the same server."""
    return urlsplit(url)._replace(path=f"/{quote(name, safe='')}").geturl()


def database_of(url: str) -> str:
    """Return the name of the URL's database."""
    return str(conninfo_to_dict(url).get("dbname", ""))


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        # It has read what it wanted.
        return


def _environment(url: str) -> dict[str, str]:
    kept = {name: word for name, word in os.environ.items() if name[:2] != "PG"}
    given = {
        _ENV_NAMES[name]: str(word) for name, word in conninfo_to_dict(url).items()
    }
    return {**kept, **given}
