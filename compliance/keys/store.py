"""Where wrapped keys rest: files beside the database, never in its backups.

A key destroyed here makes what it sealed unreadable, in yesterday's dump as well.
One file a key, ``<organization>/<name>``, written under another name and renamed, so
that a crash leaves a whole key or none, the old one or the new one.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from compliance.keys.files import give_to_owner, sync_folder, write_draft

_LOCK: Final = ".lock"
_ROTATING: Final = ".rotating"
# Wrapped under the month's key and not by the root key: of one call, of one row.
CALL_PREFIX: Final = "call-"
ROW_PREFIX: Final = "row-"
_OWN_PREFIXES: Final = (CALL_PREFIX, ROW_PREFIX)


class KeyGoneError(Exception):
    """There is no such key, or it has been destroyed."""


class RotationRunsError(Exception):
    """Another process walks over the keys just now."""


class FileKeyStore:
    """Keeps wrapped keys under one directory, readable by this user alone."""

    def __init__(self, directory: Path) -> None:
        """Keep keys under `directory`, which is made when first needed."""
        self.directory = directory

    def put(self, organization_id: UUID, name: str, wrapped: bytes) -> bytes:
        """Keep a key unless one of that name is there; return the one that stands."""
        path = self._path(organization_id, name)
        if not path.parent.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(self.directory)
        draft = write_draft(path, wrapped)
        stands = wrapped
        try:
            # A link, unlike a rename, fails when another process was first.
            os.link(draft, path)
        except FileExistsError:
            stands = path.read_bytes()
        finally:
            draft.unlink()
        # Before anything is sealed under it, or a power loss loses that as well.
        sync_folder(path.parent)
        return stands

    def replace(
        self, organization_id: UUID, name: str, *, old: bytes, new: bytes
    ) -> bool:
        """Put a key in the place of `old`; False if something else stands there.

        A key that was destroyed meanwhile stays destroyed.
        """
        path = self._path(organization_id, name)
        draft = write_draft(path, new)
        try:
            with self._locked(fcntl.LOCK_EX):
                if self.get(organization_id, name) != old:
                    return False
                draft.replace(path)
        except KeyGoneError:
            return False
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(path.parent)
        return True

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
        if name.startswith(_OWN_PREFIXES):
            self.destroy_own(organization_id, [name])
            return
        path = self._path(organization_id, name)
        with self._locked(fcntl.LOCK_SH), contextlib.suppress(FileNotFoundError):
            path.unlink()
            sync_folder(path.parent)

    def destroy_own(self, organization_id: UUID, names: Iterable[str]) -> None:
        """Destroy keys of calls and rows; destroying twice is harmless.

        Nobody wraps these anew, so nobody could bring one back; and no power loss does.
        """
        is_one_gone = False
        for path in self._paths(organization_id, names):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)  # noqa: PTH108 -- as text: many thousands
                is_one_gone = True
        if is_one_gone:
            sync_folder(self.directory / str(organization_id))

    def present(self, organization_id: UUID, names: Iterable[str]) -> list[str]:
        """Return those of the names under which a key is kept."""
        known = list(names)
        paths = zip(known, self._paths(organization_id, known), strict=True)
        return [name for name, path in paths if os.path.lexists(path)]

    def destroy_all(self, organization_id: UUID) -> None:
        """Destroy every key of an organization; destroying twice is harmless.

        A key that is half written goes as well, and its writer fails. The folder stays,
        empty: whoever walks over the keys meanwhile finds it there.
        """
        with self._locked(fcntl.LOCK_SH), contextlib.suppress(FileNotFoundError):
            folder = self.directory / str(organization_id)
            for path in folder.iterdir():
                path.unlink(missing_ok=True)
            sync_folder(folder)

    def has_any(self, organization_id: UUID) -> bool:
        """Return whether any key of the organization is there, a half one included."""
        folder = self.directory / str(organization_id)
        with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
            return any(entries)
        return False

    def making(self) -> contextlib.AbstractContextManager[None]:
        """Hold off a change of root key between wrapping a key and keeping it."""
        return self._locked(fcntl.LOCK_SH)

    def wait_for_makers(self) -> None:
        """Wait until who began to wrap a key before this has kept it."""
        with self._locked(fcntl.LOCK_EX):
            pass

    @contextlib.contextmanager
    def rotating(self) -> Iterator[None]:
        """Be the only one who walks over the keys.

        Raises:
            RotationRunsError: If somebody else does.
        """
        try:
            with self._locked(fcntl.LOCK_EX | fcntl.LOCK_NB, name=_ROTATING):
                yield
        except BlockingIOError:
            raise RotationRunsError from None

    def organizations(self) -> Iterator[UUID]:
        """Yield the organizations that have keys."""
        if not self.directory.exists():
            return
        for entry in sorted(self.directory.iterdir()):
            with contextlib.suppress(ValueError):
                yield UUID(entry.name)

    def root_wrapped(self, organization_id: UUID) -> list[str]:
        """Return the names of the organization's keys that the root key wraps."""
        with contextlib.suppress(FileNotFoundError):
            return sorted(
                entry.name
                for entry in os.scandir(self.directory / str(organization_id))
                if not entry.name.startswith((*_OWN_PREFIXES, "."))
            )
        return []

    def clear_drafts(self, *, older_than: timedelta) -> None:
        """Delete what processes that died left half done.

        The age of a draft is taken by the clock of the files, not of whoever asks: one
        that is set wrong, or ran on, must not take a draft from a writer at work.
        """
        with self._locked(fcntl.LOCK_SH):
            lock = self.directory / _LOCK
            os.utime(lock)
            before = lock.stat().st_mtime - older_than.total_seconds()
        for organization_id in self.organizations():
            for entry in os.scandir(self.directory / str(organization_id)):
                if entry.name.startswith("."):
                    self._clear(Path(entry.path), before)

    @staticmethod
    def _clear(draft: Path, before: float) -> None:
        # A draft is gone by itself when its process has finished with it.
        with contextlib.suppress(FileNotFoundError):
            if draft.stat().st_mtime < before:
                draft.unlink()

    @contextlib.contextmanager
    def _locked(self, how: int, *, name: str = _LOCK) -> Iterator[None]:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self.directory / name
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            give_to_owner(descriptor, self.directory)
            fcntl.flock(descriptor, how)
            yield
        finally:
            os.close(descriptor)

    def _path(self, organization_id: UUID, name: str) -> Path:
        (path,) = self._paths(organization_id, [name])
        return Path(path)

    def _paths(self, organization_id: UUID, names: Iterable[str]) -> Iterator[str]:
        """Yield paths as text: a night has many thousands."""
        folder = self.directory / str(organization_id)
        for name in names:
            if not name.replace("-", "").isalnum():
                raise ValueError("a key's name is letters, digits and dashes")
            yield f"{folder}{os.sep}{name}"
