"""Say beside the anchors what is new on the list of erasures, and look for it later."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from compliance.backups.erasure_list import KEPT, MARGIN, ErasureList, erasure_list
from compliance.backups.errors import BackupBrokenError
from compliance.backups.tallies import Tally, TallyBook, tally_book
from compliance.ledger.notes import Verifier
from compliance.ledger.sealer import as_sealer
from compliance.ledger.signer import Signer, verifiers
from sondervoice.kernel import audit

logger = logging.getLogger(__name__)

_SAID: Final = """
SELECT (facts->>'number')::bigint, facts->>'sha256' FROM audit_logs
 WHERE action = 'compliance.erasures.tallied' AND organization_id IS NULL
 ORDER BY 1 DESC LIMIT 1"""


def tally_erasures(*, signer: Signer, now: datetime) -> int:
    """Write the next tally if anything is new; return of how many files.

    Two at once are harmless: one of them is first, or both name the same files. Killed
    before the record has it, the tally stands all the same.

    Raises:
        BackupBrokenError: If a tally that stands is not ours.
        OSError: If one cannot be written.
    """
    book = tally_book()
    new = _find_new(book, erasure_list(), verifiers(signer.verifier))
    tally = book.add(new, signer, at=now) if new else None
    if tally is None:
        return 0
    _record(tally, book.sum_of(tally.number) or "")
    return len(new)


def find_missing(
    listed: ErasureList,
    believed: Sequence[Verifier],
    *,
    since: datetime | None,
    now: datetime,
) -> list[str]:
    """Return what should be on the list from then on and is not, a line each.

    Args:
        since: As `ErasureList.since` takes it; None for all days that are kept.

    Raises:
        BackupBrokenError: If a tally is not ours.
    """
    book = tally_book()
    number, sha256 = _last_in_record()
    found = []
    if number and book.sum_of(number) not in {None, sha256}:
        found.append(f"tally {number} is not the one that the record has")
    first = (since - MARGIN if since else now - KEPT).astimezone(UTC).date()
    before = None
    # From the newest on, each says what the one before it was.
    for one in range(max(number, book.last_number()), 0, -1):
        tally = book.read(one, believed)
        if tally is None:
            found.append(f"tally {one} is missing")
            before = None
            continue
        if before is not None and book.sum_of(one) != before:
            found.append(f"tally {one} is not what it was")
        before = tally.before
        found += _lacks(listed, tally, first)
        # Older ones name older days alone.
        if _written_on(tally) < first:
            break
    return found


def _find_new(
    book: TallyBook, listed: ErasureList, believed: Sequence[Verifier]
) -> Mapping[str, str]:
    """Return the sums of files that no tally has, by name.

    A day is looked at if its folder was written to since the last tally: a batch may be
    listed long after its day, when a storage was down.
    """
    last = next(book.newest_first(believed), None)
    paths = listed.files(changed_since=last.at - MARGIN if last else None)
    if not paths:
        return {}
    first = min(_day(name) for name in paths)
    for tally in book.newest_first(believed):
        for name in tally.sums:
            paths.pop(name, None)
        if _written_on(tally) < first:
            break
    return {name: sum_ for name, path in paths.items() if (sum_ := _sum(path))}


def _lacks(listed: ErasureList, tally: Tally, first: date) -> list[str]:
    found = []
    for name, said in tally.sums.items():
        if _day(name) < first:
            continue
        stands = _sum(listed.path(name))
        if stands is None:
            found.append(f"{name} is missing")
        elif stands != said:
            found.append(f"{name} is not what it was")
    return found


def _written_on(tally: Tally) -> date:
    """Return its day, a day late: clocks of two machines differ."""
    return (tally.at + MARGIN).astimezone(UTC).date()


def _day(name: str) -> date:
    return date.fromisoformat(name.partition("/")[0])


def _sum(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def _last_in_record() -> tuple[int, str]:
    with as_sealer() as cursor:
        cursor.execute(_SAID)
        return cursor.fetchone() or (0, "")


@transaction.atomic
def _record(tally: Tally, sha256: str) -> None:
    audit.record(
        audit.Entry(
            action="compliance.erasures.tallied",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="tally",
            subject_id=None,
            facts={
                "number": tally.number,
                "files": len(tally.sums),
                "sha256": audit.Digest(sha256),
            },
        )
    )


def try_to_tally(*, signer: Signer, now: datetime) -> None:
    """Write a tally; where it cannot be written, say so and go on."""
    try:
        tally_erasures(signer=signer, now=now)
    except (BackupBrokenError, OSError) as error:
        logger.critical("erasures not tallied", extra={"code": type(error).__name__})
