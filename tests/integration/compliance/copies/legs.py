"""A night with copies elsewhere, tried step by step."""

from datetime import UTC, datetime
from typing import Final

from accounts.way_in import organization_ids
from compliance.copies.models import CopyRun, ErasureLeg
from compliance.retention.jobs import purge
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import run_slow, run_waiting
from sondervoice.kernel.models import OutboxJob
from telephony.models import Call

LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)
FAR: Final = datetime(2120, 1, 1, tzinfo=UTC)


def begin_night() -> None:
    """Let the night erase; nothing is asked of processors yet.

    The clock stands, so what fails would be due again at once.
    """
    purge()
    finish_jobs()


def finish_jobs() -> None:
    """Run all jobs but the slow ones, due or not."""
    ran = 1
    while ran:
        _change_jobs(LONG_AGO, is_slow=False, attempts=0)
        _change_jobs(FAR, is_slow=False, attempts__gt=0, done_at=None)
        ran = run_waiting()


def try_copies(times: int = 1) -> None:
    """Let so many legs be tried, due or not, then what follows from it."""
    _change_jobs(LONG_AGO, task="compliance.erase_copy")
    assert run_slow(at_most=times) == times
    finish_jobs()


def _change_jobs(next_at: datetime, **which: object) -> None:
    for organization_id in organization_ids():
        with tenancy.scope(organization_id):
            OutboxJob.objects.filter(**which).update(next_at=next_at)


def legs_of(call: Call) -> list[ErasureLeg]:
    with tenancy.scope(call.organization_id):
        return list(ErasureLeg.objects.filter(call_id=call.id).order_by("id"))


def leg_of(call: Call) -> ErasureLeg:
    (leg,) = legs_of(call)
    return leg


def copies_of(call: Call) -> CopyRun:
    with tenancy.scope(call.organization_id):
        return CopyRun.objects.get()
