"""Make a database that was brought back fit to be opened.

The record follows the anchors and is verified, then all is erased again that was erased
after the instant it was brought back to. It runs in a process whose `DATABASE_URL` is
the owner's, for nobody else may connect yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast
from uuid import UUID

from django.conf import settings
from django.db import transaction

from compliance.backups.buckets import Compared, compare_places
from compliance.backups.erasure_list import ErasureList, erasure_list
from compliance.backups.errors import ErasuresMissingError
from compliance.backups.ownerless import find_ownerless
from compliance.backups.services.replay_erasures import Replayed, replay_erasures
from compliance.backups.services.tally_erasures import find_missing
from compliance.ledger.anchors import AnchorStore, anchor_store
from compliance.ledger.findings import Finding
from compliance.ledger.notes import Verifier
from compliance.ledger.restores import Lost, Restore, read_restores, state_restore
from compliance.ledger.sealer import as_sealer
from compliance.ledger.services.follow_anchors import Followed, follow_anchors
from compliance.ledger.services.verify_ledger import verify_ledger
from compliance.ledger.signer import Signer, verifiers
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit


class LedgerChangedError(Exception):
    """The record of what came back is not as it was sealed."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Say what was found."""
        super().__init__(f"{len(findings)} things are not as sealed")
        self.findings = findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What was found and done.

    Attributes:
        lost_rows: Rows of the record between that instant and the last anchor.
        missing: What the list of erasures lacks.
        places: What is where recordings should be, beside what the database says.
        ownerless: Clinics whose owner was erased again and who have no other.
    """

    sealed_rows: int
    lost_rows: int
    replayed: Replayed
    missing: list[str]
    places: list[Compared]
    ownerless: list[UUID]


def finish_restore(
    *,
    since: datetime | None,
    signer: Signer,
    now: datetime,
    is_drill: bool,
    despite_missing: bool = False,
) -> Finished:
    """Verify the record and replay erasures; twice is harmless.

    Args:
        since: The instant of the backup; None where only the database knows how old it
            is, and then the whole list of erasures is replayed.
        is_drill: Write nothing outside of the database.
        despite_missing: Go on where the list of erasures is not whole.

    Raises:
        LedgerChangedError: If the record is not as it was sealed.
        AnchorsDifferError: If the anchors are of another record.
        ErasuresMissingError: If the list of erasures is not whole.
        StillThereError: If something erased can still be read.
    """
    believed = verifiers(signer.verifier)
    followed, lost = _follow(since=since, signer=signer, now=now, is_drill=is_drill)
    sealed = _verify(_Known(anchor_store(), followed.last_anchor), believed, lost)
    listed = erasure_list()
    missing = find_missing(listed, believed, since=since, now=now)
    if missing and not despite_missing:
        raise ErasuresMissingError(missing)
    finished = Finished(
        sealed_rows=sealed,
        lost_rows=followed.rows,
        replayed=replay_erasures(lambda: listed.since(since, believed)),
        missing=missing,
        places=_compare(listed, believed),
        ownerless=find_ownerless(),
    )
    _record(finished)
    return finished


def _follow(
    *, since: datetime | None, signer: Signer, now: datetime, is_drill: bool
) -> tuple[Followed, Lost]:
    """Take over what later anchors know; state which rows are lost, but at a drill."""
    anchors = Path(settings.LEDGER_ANCHOR_DIR)
    restore: list[Restore] = []

    def tell(followed: Followed) -> None:
        if followed.lost:
            restore.append(_statement(followed, since, now))
        if restore and not is_drill:
            state_restore(anchors, restore[0], signer)

    followed = follow_anchors(store=anchor_store(), now=now, tell=tell)
    known = read_restores(anchors, verifiers(signer.verifier)).restores
    return followed, Lost([*known, *(one for one in restore if is_drill)])


def _compare(listed: ErasureList, believed: Sequence[Verifier]) -> list[Compared]:
    """Compare places; what the product erased meanwhile, at a drill, is not missing."""
    places = compare_places()
    missing = {one for place in places for one in place.missing}
    if missing:
        for erasure in listed.since(None, believed):
            missing -= set(erasure.ids)
    for place in places:
        place.missing = [one for one in place.missing if one in missing]
    return places


def _statement(followed: Followed, since: datetime | None, now: datetime) -> Restore:
    return Restore(
        backup_at=since or _newest_row_at() or now,
        restored_at=now,
        lost=followed.lost,
        rows=followed.rows,
        kept=followed.kept,
    )


def _newest_row_at() -> datetime | None:
    with as_sealer() as cursor:
        cursor.execute("SELECT max(at) FROM audit_logs")
        return cast("datetime | None", cursor.fetchone()[0])


class _Known:
    """The anchors up to one: in a drill the product writes more meanwhile."""

    def __init__(self, store: AnchorStore, last: int) -> None:
        self.add, self.read, self._last = store.add, store.read, last

    def count(self) -> int:
        return self._last


def _verify(store: AnchorStore, believed: Sequence[Verifier], lost: Lost) -> int:
    verdict = verify_ledger(store=store, verifiers=believed, lost=lost)
    if not verdict.is_whole:
        raise LedgerChangedError(verdict.findings)
    return verdict.rows


@transaction.atomic
def _record(finished: Finished) -> None:
    audit.record(
        audit.Entry(
            action="compliance.backup.restored",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="backup",
            subject_id=None,
            facts={
                "lost_rows": finished.lost_rows,
                "batches": finished.replayed.batches,
                "rows": finished.replayed.rows,
                "erased": finished.replayed.erased,
                "missing_entries": len(finished.missing),
                "missing_recordings": sum(len(one.missing) for one in finished.places),
                "not_compared": sum(1 for one in finished.places if one.why),
                "ownerless": len(finished.ownerless),
            },
        )
    )
    if finished.ownerless:
        # Written once the database is open.
        after_commit("compliance.warn_of_ownerless", organization_id=None, ids={})
