"""Installs a peer into an environment of its own, once."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Final

from sondervoice.embedded.layout import REPOSITORY

HOME: Final = REPOSITORY / "benchmarks" / ".peers"
PIPECAT: Final = Path(__file__).with_name("pipecat-requirements.txt")


class NoPeerError(Exception):
    """The peer cannot be had here."""


def pipecat() -> Path:
    """Return the Python of pipecat's environment, which is made if it is not there.

    Raises:
        NoPeerError: If it cannot be installed, with the last line of why.
    """
    folder = HOME / "pipecat"
    stamp = folder / "installed"
    wanted = hashlib.sha256(PIPECAT.read_bytes()).hexdigest()
    python = folder / "bin" / "python"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return python
    print(f"Installing {PIPECAT.stem} into {folder} …", flush=True)
    _run(sys.executable, "-m", "venv", "--clear", str(folder))
    options = ("--no-deps", "--require-hashes", "--no-input", "--quiet")
    pip = ("-m", "pip", "install", "--disable-pip-version-check", *options)
    _run(str(python), *pip, "--requirement", str(PIPECAT))
    stamp.write_text(wanted, encoding="ascii")
    return python


def _run(*arguments: str) -> None:
    done = subprocess.run(
        list(arguments), capture_output=True, check=False, text=True, cwd=REPOSITORY
    )
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise NoPeerError(lines[-1] if lines else "it ended without a word")
