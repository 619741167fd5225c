"""Try the newest backup: bring it back in a place of its own and look at all of it.

What would be lost today and how long it would take is measured, not promised.
"""

import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import transaction

from compliance.backups.again import again_for
from compliance.backups.buckets import Compared
from compliance.backups.erasure_list import Erasure, erasure_list
from compliance.backups.errors import (
    BackupBrokenError,
    BackupRefusedError,
    ErasuresMissingError,
    ProgramFailedError,
)
from compliance.backups.finishing import finish_inside
from compliance.backups.keys import read_key
from compliance.backups.scratch import scratch
from compliance.backups.services.check_backup import OpenBackup, open_backup
from compliance.backups.services.restore_backup import restore_backup
from compliance.backups.services.tally_erasures import find_missing
from compliance.backups.shelf import Shelf, backup_at
from compliance.keys.files import write_draft
from compliance.keys.keys import key_store
from compliance.keys.provider import COPIES_LIVE
from compliance.keys.store import CALL_PREFIX, ROW_PREFIX, KeyGoneError
from compliance.ledger.notes import Verifier
from compliance.ledger.signer import verifiers
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.personal_data import CountsKeys, holders

logger = logging.getLogger(__name__)

REPORTS: Final = "drills"
_FAILURES: Final = (
    BackupBrokenError,
    BackupRefusedError,
    ProgramFailedError,
    OSError,
    psycopg.Error,
)


@dataclass(slots=True, kw_only=True)
class Drill:
    """What one drill found.

    Attributes:
        failure: The name of what went wrong; empty if all was well.
        took_s: From the first byte that was read to a database that could be opened.
        loses_s: How old the backup was: what a disaster at that moment would have cost.
        rows: That came back, as many as the manifest says.
        sealed_rows: Of the record, each compared with its seal.
        erased: Calls and other things on the list of erasures that came back and were
            erased again.
        without_key: Calls and appointments on that list that no key in the key store
            opens any more.
        unreadable_from: When the last copies of the keys of those are over; None where
            nobody but a hand ends copies.
        missing: What the list of erasures lacks.
        places: What is where recordings should be, beside what the database said; see
            `Compared`.
    """

    started_at: datetime
    failure: str = ""
    backup_id: UUID | None = None
    backup_at: datetime | None = None
    took_s: int = 0
    loses_s: int = 0
    rows: int = 0
    recordings: int = 0
    sealed_rows: int = 0
    batches: int = 0
    erased: int = 0
    without_key: int = 0
    unreadable_from: datetime | None = None
    missing: list[str] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Whether the backup can be brought back, with all of its recordings."""
        return not (self.failure or self.lacks)

    @property
    def lacks(self) -> list[str]:
        """What is not where it should be, a line for each place."""
        places = [Compared(**one) for one in self.places]
        return [one.summary for one in places if not one.is_well]


def run_drill(*, shelf: Shelf, verifier: Verifier, now: datetime) -> Drill:
    """Try the newest backup and report what was found; nothing of it is left.

    It needs the room of all recordings and of the database once more.

    Args:
        verifier: This installation's own; those of before it are believed as well.
        now: In UTC.
    """
    drill = Drill(started_at=now)
    with _noting(drill):
        believed = verifiers(verifier)
        opened = open_backup(
            backup_at(shelf.directory),
            key=read_key(Path(settings.BACKUP_KEY_PATH)),
            verifiers=believed,
        )
        _look_at_list(opened, believed, now)
        _try(opened, drill, now)
        _look_at_keys(erasure_list().since(drill.backup_at, believed), drill)
    write_report(shelf.directory / REPORTS, drill)
    _record(drill)
    return drill


def _look_at_list(
    opened: OpenBackup, believed: Sequence[Verifier], now: datetime
) -> None:
    since = opened.manifest.made_at
    if missing := find_missing(erasure_list(), believed, since=since, now=now):
        raise ErasuresMissingError(missing)


def _try(opened: OpenBackup, drill: Drill, now: datetime) -> None:
    made_at = opened.manifest.made_at
    drill.backup_id, drill.backup_at = opened.manifest.id, made_at
    drill.loses_s = int((now - made_at).total_seconds())
    began = monotonic()
    with scratch() as place:
        done = restore_backup(
            opened, url=place.url, folder=place.recordings, is_quiet=True
        )
        drill.rows, drill.recordings = done.rows, done.recordings
        said = finish_inside(
            since=made_at, is_drill=True, environment=place.environment()
        )
        drill.took_s = int(monotonic() - began)
    drill.sealed_rows = said["sealed_rows"]
    drill.batches = said["replayed"]["batches"]
    drill.erased = said["replayed"]["erased"]
    drill.places = said["places"]


def _look_at_keys(listed: Iterator[Erasure], drill: Drill) -> None:
    """Count once each what had a key of its own and has none any more.

    A call is on the list of several holders; one of them counts its key. The last copy
    of a key lives seven days, where the clock ends copies.
    """
    counting = {one.name for one in holders() if isinstance(one, CountsKeys)}
    gone: set[UUID] = set()
    for erasure in listed:
        if again_for(erasure.holder) is not None:
            continue
        if erasure.holder in counting:
            gone.update(one for one in erasure.ids if not _has_key(erasure, one))
        if settings.KEY_COPIES_DIR:
            until = erasure.erased_at + COPIES_LIVE
            drill.unreadable_from = max(drill.unreadable_from or until, until)
    drill.without_key = len(gone)


def _has_key(erasure: Erasure, one: UUID) -> bool:
    for prefix in (CALL_PREFIX, ROW_PREFIX):
        with suppress(KeyGoneError):
            key_store().get(erasure.clinic_id, f"{prefix}{one}")
            return True
    return False


@contextmanager
def _noting(drill: Drill) -> Iterator[None]:
    try:
        yield
    except _FAILURES as error:
        drill.failure = type(error).__name__
        if isinstance(error, ErasuresMissingError):
            drill.missing = list(error.missing)
        logger.critical("the drill failed", extra={"code": drill.failure})


def write_report(folder: Path, drill: Drill) -> None:
    """Keep what a drill found beside the backups."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    at = drill.started_at.astimezone(UTC)
    path = folder / f"drill-{at:%Y%m%dT%H%M%SZ}.json"
    text = json.dumps(asdict(drill), indent=1, default=_plain)
    os.replace(write_draft(path, f"{text}\n".encode()), path)  # noqa: PTH105


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def read_drill(path: Path) -> Drill:
    """Return what a report says.

    Raises:
        ValueError: If it is none.
    """
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for name in ("started_at", "backup_at", "unreadable_from"):
        said[name] = datetime.fromisoformat(said[name]) if said[name] else None
    said["backup_id"] = UUID(said["backup_id"]) if said["backup_id"] else None
    return Drill(**said)


@transaction.atomic
def _record(drill: Drill) -> None:
    audit.record(
        audit.Entry(
            action="compliance.drill.finished",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="backup",
            subject_id=drill.backup_id,
            facts={
                "is_well": drill.is_well,
                "rows": drill.rows,
                "recordings": drill.recordings,
                "seconds": drill.took_s,
                "age_seconds": drill.loses_s,
                "batches": drill.batches,
                "erased": drill.erased,
                "missing_recordings": sum(len(one["missing"]) for one in drill.places),
                "not_compared": sum(1 for one in drill.places if one["why"]),
            },
        )
    )
    if not drill.is_well:
        after_commit("compliance.warn_of_drill", organization_id=None, ids={})
