"""Jobs: work that must happen once its transaction is committed.

`after_commit` writes a row; `run_waiting` claims rows and runs them. A nudge (Celery)
makes it quick, the sweep every ten seconds makes it certain.
"""

import json
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.errors import SonderError, VendorError
from sondervoice.kernel.models import OutboxJob
from sondervoice.kernel.purposes import Sending

logger = logging.getLogger(__name__)

LEASE_S: Final = 60
MOST_ATTEMPTS: Final = 12
LONGEST_WAIT_S: Final = 300
# Every ten seconds, by one thread: 120 a minute at most, however many workers.
SLOW_AT_ONCE: Final = 20
SLOW_S: Final = 8.0

Work = Callable[..., None]


@dataclass(frozen=True, slots=True)
class _Job:
    work: Work
    gives_up: bool
    is_slow: bool
    longest_wait_s: float
    ids: frozenset[str]
    sends: Sending | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that is ours to run until its lease ends."""

    id: UUID
    task: str
    organization_id: UUID | None
    ids: dict[str, str]
    attempts: int


_registry: dict[str, _Job] = {}


class UnknownJobError(LookupError):
    """No job of that name, or not with these ids; said when it is asked for."""


def job(
    name: str,
    *,
    gives_up: bool = True,
    is_slow: bool = False,
    longest_wait_s: float = LONGEST_WAIT_S,
    sends: Sending | None = None,
) -> Callable[[Work], Work]:
    """Register a function as the job `name`.

    It is called with keyword ids as UUIDs, always ``organization_id`` among them, and
    outside any scope, since it may wait for a vendor. Its effects are idempotent: it
    may run twice.

    Args:
        gives_up: After twelve failures, within half an hour, it is marked as failed;
            else it is tried for as long as it takes, every five minutes. Its work then
            ends by itself once what it is about is gone.
        is_slow: Thousands may be asked for at once and none is in a hurry: they stand
            in a queue of their own, from which a few are run every ten seconds.
        longest_wait_s: For how long a vendor may put it off (`retry_after_s`).
        sends: To whom it hands personal data, and why; its rows say so.
    """

    def register(work: Work) -> Work:
        wanted = frozenset(work.__kwdefaults__ or ()) | frozenset(
            work.__code__.co_varnames[
                work.__code__.co_argcount : work.__code__.co_argcount
                + work.__code__.co_kwonlyargcount
            ]
        )
        ids = wanted - {"organization_id"}
        _registry[name] = _Job(work, gives_up, is_slow, longest_wait_s, ids, sends)
        return work

    return register


def registered() -> frozenset[str]:
    """Return the names of all jobs."""
    return frozenset(_registry)


def sendings() -> Mapping[str, Sending | None]:
    """Return to whom each job hands personal data, by its name."""
    return {name: one.sends for name, one in _registry.items()}


def after_commit(
    task: str,
    *,
    organization_id: UUID | None,
    ids: Mapping[str, UUID],
    delay_s: float = 0,
) -> None:
    """Write the named job into the outbox of the open transaction.

    Only ids travel, so no personal data rests in a queue.

    Raises:
        UnknownJobError: If no such job is registered, or it wants other ids.
    """
    row = job_row(task, organization_id=organization_id, ids=ids, now=utc_now())
    row.next_at += timedelta(seconds=delay_s)
    row.save(force_insert=True)


def job_row(
    task: str, *, organization_id: UUID | None, ids: Mapping[str, UUID], now: datetime
) -> OutboxJob:
    """Return the row of a job that is due now; whoever asks writes it.

    Raises:
        UnknownJobError: If no such job is registered, or it wants other ids.
    """
    known = _registry.get(task)
    if known is None or known.ids != frozenset(ids):
        raise UnknownJobError(task)
    return OutboxJob(
        organization_id=organization_id,
        task=task,
        ids={name: str(value) for name, value in ids.items()},
        is_slow=known.is_slow,
        purpose=known.sends.purpose if known.sends else "",
        created_at=now,
        next_at=now,
    )


def run_waiting(*, at_most: int = 100) -> int:
    """Run waiting jobs until there are none; return how many were run."""
    for done in range(at_most):
        claimed = _claim()
        if claimed is None:
            return done
        _run(claimed)
    return at_most


def run_slow(*, at_most: int = SLOW_AT_ONCE, seconds: float = SLOW_S) -> int:
    """Run some waiting jobs of the slow queue, one after another; return how many.

    None is begun once so many seconds are over.
    """
    began, done = monotonic(), 0
    while done < at_most and monotonic() - began < seconds:
        claimed = _claim("claim_slow_job")
        if claimed is None:
            break
        _run(claimed)
        done += 1
    return done


def _claim(function: str = "claim_job") -> Claimed | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}(%s)", [LEASE_S])  # noqa: S608 -- ours
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    job_id, task, organization_id, ids, attempts = row
    # Django leaves jsonb to its own field: a bare cursor gives the text.
    return Claimed(job_id, task, organization_id, json.loads(ids), attempts)


def _run(claimed: Claimed) -> None:
    known = _registry.get(claimed.task)
    try:
        if known is None:
            raise UnknownJobError(claimed.task)  # noqa: TRY301 -- one road to `_fail`
        ids: dict[str, Any] = {name: UUID(value) for name, value in claimed.ids.items()}
        known.work(organization_id=claimed.organization_id, **ids)
    # The sweep's guard: one job that fails must not keep the others waiting.
    except Exception as error:  # noqa: BLE001
        _put_back(claimed, error, now=utc_now())
    else:
        _settle(claimed, "done_at = now()", [])


def _put_back(claimed: Claimed, error: Exception, *, now: datetime) -> None:
    permanent = isinstance(error, VendorError) and error.permanent
    code = error.code if isinstance(error, SonderError) else type(error).__name__
    # The text of an exception is personal data until proved otherwise.
    logger.warning(
        "job failed",
        extra={"job": claimed.task, "code": code, "id": str(claimed.id)},
        exc_info=error,
    )
    known = _registry.get(claimed.task)
    gives_up = known is None or known.gives_up
    if permanent or (gives_up and claimed.attempts >= MOST_ATTEMPTS):
        _give_up(claimed, code)
        return
    longest_s = known.longest_wait_s if known else LONGEST_WAIT_S
    wait_s = _wait_s(error, claimed.attempts, longest_s=longest_s)
    retry_at = now + timedelta(seconds=wait_s)
    _settle(claimed, "next_at = %s, failure_code = %s", [retry_at, code[:60]])


def _give_up(claimed: Claimed, code: str) -> None:
    """Mark the job as failed for good; nobody else would look for it."""
    with transaction.atomic():
        _settle(claimed, "failed_at = now(), failure_code = %s", [code[:60]])
        audit.record(
            audit.Entry(
                action="kernel.job.failed",
                organization_id=claimed.organization_id,
                actor_kind="system",
                actor_id=None,
                subject_kind="job",
                subject_id=claimed.id,
                fields=(claimed.task,),
                facts={"attempts": claimed.attempts},
            )
        )
    logger.critical(
        "job failed for good",
        extra={"job": claimed.task, "code": code, "id": str(claimed.id)},
    )


def _wait_s(error: Exception, attempts: int, *, longest_s: float) -> float:
    """Return how long to wait: as the vendor said, else twice as long each time.

    A vendor that names a longer time than our longest is asked too soon, and says it
    again.
    """
    asked_s = error.retry_after_s if isinstance(error, VendorError) else None
    if asked_s is not None:
        return min(longest_s, asked_s)
    wait_s: float = min(LONGEST_WAIT_S, 2 ** min(attempts, 10))
    return wait_s * random.uniform(0.5, 1.0)  # noqa: S311 -- no secret


def _settle(claimed: Claimed, change: str, values: list[Any]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        scope_value = str(claimed.organization_id or "")
        tenancy.set_local(tenancy.SETTING, scope_value)
        cursor.execute(
            f"UPDATE outbox_jobs SET {change} WHERE id = %s",  # noqa: S608 -- ours
            [*values, claimed.id],
        )
