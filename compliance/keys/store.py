"""Where wrapped keys rest: files beside the database, never in its backups.

A key destroyed here makes what it sealed unreadable, in yesterday's dump as well.
One file a key, ``<organization>/<name>``, written under another name and renamed, so
that a crash leaves a whole key or none.
"""

import contextlib
import os
import secrets
from pathlib import Path
from uuid import UUID


class KeyGoneError(Exception):
    """There is no such key, or it has been destroyed."""


class FileKeyStore:
    """Keeps wrapped keys under one directory, readable by this user alone."""

    def __init__(self, directory: Path) -> None:
        """Keep keys under `directory`, which is made when first needed."""
        self._directory = directory

    def put(self, organization_id: UUID, name: str, wrapped: bytes) -> bytes:
        """Keep a key unless one of that name is there; return the one that stands."""
        path = self._path(organization_id, name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(wrapped)
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link, unlike a rename, fails when another process was first.
            os.link(draft, path)
        except FileExistsError:
            return path.read_bytes()
        finally:
            draft.unlink()
        return wrapped

    def get(self, organization_id: UUID, name: str) -> bytes:
        """Return a wrapped key.

        Raises:
            KeyGoneError: If it was never made or has been destroyed.
        """
        try:
            return self._path(organization_id, name).read_bytes()
        except FileNotFoundError:
            raise KeyGoneError(name) from None

    def destroy(self, organization_id: UUID, name: str) -> None:
        """Destroy a key; destroying twice is harmless."""
        path = self._path(organization_id, name)
        with contextlib.suppress(FileNotFoundError):
            path.unlink()

    def _path(self, organization_id: UUID, name: str) -> Path:
        if not name.replace("-", "").isalnum():
            raise ValueError("a key's name is letters, digits and dashes")
        return self._directory / str(organization_id) / name
