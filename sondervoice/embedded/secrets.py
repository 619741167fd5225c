"""Secrets made on the first run and kept for the owner alone."""

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sondervoice.embedded.errors import EmbeddedError

# How a keyring begins that was rotated (`compliance/keys/generations.py`).
_ROTATED: Final = b"sondervoice generations 1\n"


def write_private(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, mode 0600 from its first byte."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def secret_key(folder: Path) -> Path:
    """Return the file of Django's key, 50 random bytes as text."""
    path = folder / "secret_key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50).encode())
    return path


def keyring(folder: Path) -> Path:
    """Return the file of the local root key: 32 random bytes, or what rotation made.

    Raises:
        EmbeddedError: If it is neither; what it enciphered would be lost.
    """
    path = folder / "keyring"
    if path.exists() and path.read_bytes().startswith(_ROTATED):
        return path
    return _key(path)


def ledger_key(folder: Path) -> Path:
    """Return the file of the key that signs the record: 32 random bytes, raw.

    Raises:
        EmbeddedError: If it has another length; what it signed could not be continued.
    """
    return _key(folder / "ledger_key")


def backup_key(folder: Path) -> Path:
    """Return the file of the key that closes backups: 32 random bytes, raw.

    Raises:
        EmbeddedError: If it has another length; what it closed would be lost.
    """
    return _key(folder / "backup_key")


def _key(path: Path) -> Path:
    if not path.exists():
        write_private(path, secrets.token_bytes(32))
    if path.stat().st_size != 32:
        raise EmbeddedError(f"{path} is damaged (not 32 bytes): restore it.")
    return path


def passwords(path: Path, names: Iterable[str]) -> dict[str, str]:
    """Return a random password for each name, the same at every start.

    A name that is new gets one, the others keep theirs.
    """
    known: dict[str, str] = {}
    if path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))
    missing = [name for name in names if name not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(24) for name in missing}
        write_private(path, json.dumps(known).encode())
    return known
