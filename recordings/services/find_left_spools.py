"""Find the sound of ended calls that nobody has stored: the spool came too late."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.models import OutboxJob
from telephony.models import Call

JOB: Final = "recordings.store_recording"
# Until then the job that follows the call's end is at work.
LEFT_AFTER: Final = timedelta(seconds=60)
AT_MOST: Final = 100


def find_left_spools(*, now: datetime, at_most: int = AT_MOST) -> int:
    """Have spools stored that rest beside no live call; return how many, oldest first.

    Asking twice is harmless: a call whose job waits gets no second one.
    """
    before = (now - LEFT_AFTER).timestamp()
    found = Path(settings.SPOOL_DIR).glob("*/*.spool")
    old = sorted(
        (changed, path) for path in found if (changed := _changed_at(path)) <= before
    )
    asked = 0
    for _, path in old:
        if asked == at_most:
            break
        asked += _ask(path)
    return asked


def _changed_at(path: Path) -> float:
    """Return when the file was last written, in Unix seconds; now gone is not old."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _ask(path: Path) -> bool:
    try:
        organization_id, call_id = UUID(path.parent.name), UUID(path.stem)
    except ValueError:
        return False
    with tenancy.scope(organization_id):
        call = Call.with_deleted.filter(pk=call_id).first()
        if call is None or not call.has_ended or _is_asked(call_id):
            return False
        after_commit(JOB, organization_id=organization_id, ids={"call_id": call_id})
        return True


def _is_asked(call_id: UUID) -> bool:
    jobs = OutboxJob.objects.filter(task=JOB, ids__call_id=str(call_id))
    return jobs.filter(done_at=None, failed_at=None).exists()
