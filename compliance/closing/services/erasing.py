"""The engine's part of a closing: what callers left, and what holds keep of it."""

from datetime import datetime

from compliance.closing.models import Closing
from compliance.closing.run_kind import KIND
from compliance.copies.models import ErasureLeg
from compliance.retention.locks import decide_alone
from compliance.retention.models import RetentionRun
from compliance.retention.selectors.holds import covered, list_standing_holds
from compliance.retention.services.start_runs import start_run
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.personal_data import Everything, holders


def begin_run(closing: Closing, *, now: datetime) -> None:
    """Have the engine erase everything that no hold covers; the caller saves."""
    closing.run_cause_id = uuid7()
    start_run(
        organization_id=closing.organization_id,
        kind=KIND,
        cause_id=closing.run_cause_id,
        now=now,
    )


def goes_on(closing: Closing, *, now: datetime) -> bool:
    """Return whether something is still to be erased, or a hold stands.

    When what a hold covered is free, or something came late, another run begins.
    """
    run = RetentionRun.objects.filter(kind=KIND, cause_id=closing.run_cause_id).first()
    if run is None or run.finished_at is None:
        return True
    decide_alone(closing.organization_id)
    closing.is_held = list_standing_holds().exists()
    is_due = any(one.has_due(Everything(), holds=covered()) for one in holders())
    if is_due:
        begin_run(closing, now=now)
    closing.save(update_fields=["is_held", "run_cause_id"])
    return is_due or closing.is_held


def waits_for_copies() -> bool:
    """Return whether a processor may still have a copy.

    What finds it there is sealed under the clinic's keys.
    """
    return ErasureLeg.objects.exclude(state=ErasureLeg.State.GONE).exists()


def is_all_gone() -> bool:
    """Return whether nothing of callers is left in the open scope, held or not."""
    return not any(one.has_due(Everything(), holds=()) for one in holders())
