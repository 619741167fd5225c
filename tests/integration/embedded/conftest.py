"""Folders that the user PostgreSQL runs as can enter, and free ports."""

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sondervoice.embedded.layout import Layout, prepare
from sondervoice.embedded.postgres import Postgres
from sondervoice.embedded.process import end


def make_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sv-"))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    return folder


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = make_folder()
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture
def layout(data_dir: Path) -> Layout:
    return prepare(data_dir)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    folder = make_folder()
    server = Postgres(prepare(folder / "var"), throw_away=True)
    process = server.start()
    yield server
    end(process, first=signal.SIGINT, grace_s=10)
    shutil.rmtree(folder)


def _can_bind(port: int) -> bool:
    with closing(socket.socket()) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.fixture
def port() -> int:
    """A free port whose successor is free too, below those the kernel hands out."""
    start = 10_000 + os.getpid() % 10_000
    return next(
        number
        for number in range(start, start + 2_000, 2)
        if _can_bind(number) and _can_bind(number + 1)
    )
