"""Objects as files: written beside their place, then put into it in one step."""

import contextlib
import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

from django.core.files.storage import FileSystemStorage

from sondervoice.kernel.stored_objects import Listed

_DRAFT: Final = ".part"


class FileObjects:
    """Keeps objects under the folder of a storage of Django's."""

    def __init__(self, storage: FileSystemStorage) -> None:
        """Keep objects where and as `storage` keeps its files."""
        self._storage = storage

    def put(self, name: str, parts: Iterable[bytes]) -> int:
        """Keep an object; killed on the way, only a draft is left, which is reused."""
        path = self._path(name)
        mode = self._storage.directory_permissions_mode or 0o700
        path.parent.mkdir(mode=mode, parents=True, exist_ok=True)
        draft = _draft_of(path)
        draft.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        mode = self._storage.file_permissions_mode or 0o600
        with os.fdopen(os.open(draft, flags, mode), "wb") as file:
            file.writelines(parts)
            size = file.tell()
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _settle(path.parent)
        return size

    def read(self, name: str, *, start: int, length: int) -> bytes:
        """Return a range of the file."""
        with self._path(name).open("rb", buffering=0) as file:
            return os.pread(file.fileno(), length, start)

    def delete(self, names: Collection[str]) -> None:
        """Delete the files and their drafts."""
        for path in self._paths(names):
            for file in (path, path + _DRAFT):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(file)  # noqa: PTH108 -- as text: many thousands

    def present(self, names: Collection[str]) -> set[str]:
        """Return those names of which a file or a draft is there."""
        return {
            name
            for name, path in zip(names, self._paths(names), strict=True)
            if os.path.lexists(path) or os.path.lexists(path + _DRAFT)
        }

    def listed(self) -> Iterator[Listed]:
        """Yield the files, folder by folder; drafts are none."""
        root = Path(self._storage.location)
        for folder, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                path = Path(folder, name)
                if path.suffix != _DRAFT:
                    yield Listed(path.relative_to(root).as_posix(), path.stat().st_size)

    def address(self, name: str) -> str:
        """Return the path."""
        return str(self._path(name))

    def _path(self, name: str) -> Path:
        return Path(self._storage.path(name))

    def _paths(self, names: Collection[str]) -> Iterator[str]:
        """Yield paths as text, each folder asked for once: a night has thousands."""
        folders: dict[str, str] = {}
        for name in names:
            folder, _, file = name.rpartition("/")
            if not folder or file in {"", ".", ".."}:
                yield self._storage.path(name)
                continue
            if folder not in folders:
                folders[folder] = self._storage.path(folder)
            yield f"{folders[folder]}{os.sep}{file}"


def _draft_of(path: Path) -> Path:
    return path.with_name(path.name + _DRAFT)


def _settle(folder: Path) -> None:
    """Have the name written to the disk too, before the spool is removed."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
