"""Writes a file so that a crash at any instant leaves the old one or the new one.

What root writes, by a command say, belongs to whom the old file or the folder belongs
to: the product's user must be able to read it.
"""

import os
import secrets
from pathlib import Path


def write_draft(path: Path, content: bytes) -> Path:
    """Write a file beside `path`, on the disk when this returns; mode 0600.

    Raises:
        PermissionError: If `path` belongs to somebody else and we are not root.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            try:
                give_to_owner(descriptor, path)
            except FileNotFoundError:
                # A new one, or one that was destroyed this moment.
                give_to_owner(descriptor, path.parent)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return draft


def give_to_owner(descriptor: int, path: Path) -> None:
    """Let an open file belong to whom `path` belongs to."""
    ours, wanted = os.fstat(descriptor), path.stat()
    if ours.st_uid != wanted.st_uid:
        os.fchown(descriptor, wanted.st_uid, wanted.st_gid)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` in the place of what is there."""
    draft = write_draft(path, content)
    try:
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
