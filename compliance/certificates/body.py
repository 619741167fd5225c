"""What a certificate says, gathered from what the erasure left; in the open scope."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min, Sum

from accounts.models import Organization
from compliance.certificates.words import (
    BACKUPS_BY_CLOCK,
    BACKUPS_BY_OTHERS,
    CANNOT_PROVE,
    CAUSES,
    COPIES_BY_CLOCK,
    COPIES_BY_HAND,
    METHODS,
    ON_OUR_MACHINES,
    WHAT,
)
from compliance.copies.models import ErasureLeg
from compliance.keys.provider import COPIES_LIVE
from compliance.ledger.models import AuditLog
from compliance.ledger.proofs import prove_line
from compliance.retention.models import RetentionRun
from compliance.retention.selectors.keep_days import days_of, find_policy, get_keep_days
from sondervoice.kernel.copies import processors
from sondervoice.kernel.personal_data import (
    DATA_CLASSES,
    CountsKeys,
    holders,
)

FORMAT: Final = "sondervoice/deletion-certificate/1"
BACKUPS_LIVE: Final = timedelta(days=90)
# Of an erasure of thousands of batches the others are in the record, too.
LINES_AT_MOST: Final = 40


def body_of(run: RetentionRun, *, number: int, now: datetime) -> dict[str, Any]:
    """Return the certificate of a finished run: texts, whole numbers, lists of them.

    Raises:
        LineNotSealedError: If the record of it is not sealed yet.
    """
    clinic = Organization.objects.get(pk=run.organization_id)
    finished_at = _finished(run)
    return {
        "format": FORMAT,
        "number": number,
        "issued_at": stamp(now),
        "clinic": {"id": str(clinic.id), "name": clinic.name},
        "cause": {
            "kind": run.kind,
            "words": CAUSES.get(run.kind, run.kind),
            "id": str(run.cause_id or ""),
        },
        "run": {
            "id": str(run.id),
            "due_at": stamp(run.due_at),
            "started_at": stamp(run.started_at),
            "finished_at": stamp(finished_at),
        },
        "erased": _erased(run),
        "second_look": _second_look(run),
        "keys": {"destroyed": _keys_destroyed(run), **_key_copies(finished_at)},
        "backups": {
            "gone_by": stamp(finished_at + BACKUPS_LIVE),
            "how": BACKUPS_BY_CLOCK if settings.BACKUP_DIR else BACKUPS_BY_OTHERS,
        },
        "processors": _processors(run),
        "on_our_machines": ON_OUR_MACHINES,
        "held_back": _held_back(run),
        "policy": _policy(),
        "software": settings.SOFTWARE_VERSION,
        "record": _record(run),
        "cannot_prove": list(CANNOT_PROVE),
    }


def stamp(at: datetime) -> str:
    """Return an instant as certificates write it: UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _finished(run: RetentionRun) -> datetime:
    if run.finished_at is None:
        raise ValueError("a run that is not finished has no certificate")
    return run.finished_at


def _erased(run: RetentionRun) -> list[dict[str, Any]]:
    return [
        {
            "class": str(kind),
            "what": WHAT[kind],
            "count": getattr(run, f"{kind}_count"),
            "method": METHODS[kind],
        }
        for kind in DATA_CLASSES
    ]


def _key_copies(finished_at: datetime) -> dict[str, str]:
    """Return when copies of the keys are gone; no date where nothing enforces one."""
    if not settings.KEY_COPIES_DIR:
        return {"gone_from_copies_by": "", "copies": COPIES_BY_HAND}
    by = stamp(finished_at + COPIES_LIVE)
    return {"gone_from_copies_by": by, "copies": COPIES_BY_CLOCK}


def _second_look(run: RetentionRun) -> dict[str, Any]:
    looked = run.batches.aggregate(last=Max("checked_at"), batches=Count("id"))
    return {
        "at": stamp(looked["last"] or _finished(run)),
        "batches": looked["batches"],
        "found": 0,
    }


def _keys_destroyed(run: RetentionRun) -> int:
    times = set(run.batches.values_list("erased_at", flat=True))
    counting = (one for one in holders() if isinstance(one, CountsKeys))
    return sum(one.count_keys_gone(erased_at=times) for one in counting)


def _processors(run: RetentionRun) -> list[dict[str, Any]]:
    """Return one receipt a processor that may keep copies, asked or not."""
    return [
        {
            "name": one.name,
            "title": one.title,
            "what": one.keeps,
            "keeps_anyway": one.keeps_anyway,
            **_receipt(run, one.name),
        }
        for one in processors()
    ]


def _receipt(run: RetentionRun, processor: str) -> dict[str, Any]:
    legs = ErasureLeg.objects.filter(run=run, processor=processor)
    answers = legs.values("last_answer").annotate(count=Count("id"))
    times = legs.aggregate(
        first=Min("asked_at"),
        answered=Max("answered_at"),
        looked=Max("looked_at"),
        found=Sum("found"),
    )
    return {
        "asked": legs.count(),
        "found": times["found"] or 0,
        "answers": {one["last_answer"]: one["count"] for one in answers},
        "asked_at": _maybe(times["first"]),
        "answered_at": _maybe(times["answered"]),
        "looked_at": _maybe(times["looked"]),
        "left": legs.exclude(state=ErasureLeg.State.GONE).count(),
    }


def _maybe(at: datetime | None) -> str:
    return stamp(at) if at else ""


def _held_back(run: RetentionRun) -> list[dict[str, Any]]:
    """Return how much holds kept from the run, as was counted when it was finished."""
    counts = {kind: getattr(run, f"{kind}_held_count") for kind in DATA_CLASSES}
    return [
        {"class": str(kind), "what": WHAT[kind], "count": count}
        for kind, count in counts.items()
        if count
    ]


def _policy() -> dict[str, Any]:
    policy = find_policy()
    days = get_keep_days() if policy is None else days_of(policy)
    return {
        "days": {str(kind): days.of(kind) for kind in DATA_CLASSES},
        "changed_at": _maybe(policy.changed_at if policy else None),
    }


def _record(run: RetentionRun) -> dict[str, Any]:
    """Return what the record has of the run, the end of it first, each line proved."""
    rows = AuditLog.objects.filter(
        subject_kind="retention_run",
        subject_id=run.id,
        action__in=("compliance.purge.finished", "compliance.data.erased"),
    )
    newest = list(rows.order_by("-at", "-id").values_list("id", flat=True))
    return {
        "lines": [_proved(run, row_id) for row_id in _some(newest)],
        "others": max(0, len(newest) - LINES_AT_MOST),
    }


def _proved(run: RetentionRun, row_id: UUID) -> dict[str, Any]:
    return prove_line(run.organization_id, row_id)


def _some(ids: Iterable[UUID]) -> list[UUID]:
    return list(ids)[:LINES_AT_MOST]
