"""Copies the key store for the day its disk fails; no copy outlives seven days.

A key that was destroyed is in the copies of before. Only once they are gone is it gone.
"""

import contextlib
import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction

from compliance.keys.files import sync_folder, write_draft
from compliance.keys.provider import COPIES_LIVE
from compliance.keys.store import FileKeyStore
from sondervoice.kernel import audit

_NAME: Final = re.compile(r"\.?keys-(\d{8}T\d{6}Z)(\.part)?")
_STAMP: Final = "%Y%m%dT%H%M%SZ"
# Whoever still writes one after so long has died.
_PARTS_LIVE: Final = timedelta(days=1)


class CopyPlaceError(Exception):
    """A copy must not stand inside what is copied, nor the other way round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was done.

    Attributes:
        keys: How many are in the copy.
        deleted: How many copies had come to their end.
    """

    folder: Path
    keys: int
    deleted: int


def copy_key_store(store: FileKeyStore, to: Path, *, now: datetime) -> Copied:
    """Make a dated copy in `to`, and delete those that are seven days old.

    Args:
        now: In UTC.

    Raises:
        CopyPlaceError: If `to` is in the key store, or holds it.
    """
    source, target = store.directory.resolve(), to.resolve()
    if source.is_relative_to(target) or target.is_relative_to(source):
        raise CopyPlaceError("a copy of the key store must stand outside of it")
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    deleted = _delete_old(target, now)
    folder = target / f"keys-{now.strftime(_STAMP)}"
    part = target / f".{folder.name}.part"
    try:
        count = copy_keys(source, part)
        part.rename(folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise
    sync_folder(target)
    _record("compliance.keys.copied", {"count": count, "deleted": deleted})
    return Copied(folder=folder, keys=count, deleted=deleted)


def end_copies(target: Path, *, now: datetime) -> int:
    """Delete the copies that are seven days old at `now`; return how many.

    It needs no key store and makes no copy: a full disk keeps no old one alive.

    Raises:
        OSError: If one cannot be deleted.
    """
    if not target.is_dir():
        return 0
    deleted = _delete_old(target, now)
    if deleted:
        _record("compliance.keys.copies_ended", {"count": deleted})
    return deleted


def _delete_old(target: Path, now: datetime) -> int:
    old = []
    for path in target.iterdir():
        found = _NAME.fullmatch(path.name)
        if found:
            made_at = datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)
            if made_at + (_PARTS_LIVE if found[2] else COPIES_LIVE) <= now:
                old.append(path)
    for path in old:
        # Another worker may be at it, too.
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(path)
    return len(old)


def copy_keys(source: Path, to: Path) -> int:
    """Copy each key into `to`, which is made; return how many.

    One that is destroyed meanwhile is not in the copy, nor one that is half written.
    """
    to.mkdir(mode=0o700)
    count = 0
    for folder, names in _folders(source):
        copied = to / folder.relative_to(source)
        copied.mkdir(mode=0o700, exist_ok=True)
        for name in names:
            try:
                content = (folder / name).read_bytes()
            except FileNotFoundError:
                continue
            write_draft(copied / name, content).rename(copied / name)
            count += folder != source
    return count


def _folders(source: Path) -> list[tuple[Path, list[str]]]:
    return [
        (Path(folder), [name for name in names if not name.startswith(".")])
        for folder, _, names in os.walk(source)
    ]


def _record(action: str, facts: dict[str, audit.Fact]) -> None:
    with transaction.atomic():
        audit.record(
            audit.Entry(
                action=action,
                organization_id=None,
                actor_kind="system",
                actor_id=None,
                subject_kind="key_store",
                subject_id=None,
                facts=facts,
            )
        )
