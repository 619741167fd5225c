"""What a run for the bin erases."""

from compliance.retention.models import RetentionRun
from sondervoice.kernel.personal_data import LeftBin, Selection


def select(run: RetentionRun) -> Selection:
    """Return the one thing that somebody erased; the rest of the bin has its own day.

    Raises:
        ValueError: If the run names nothing.
    """
    if run.cause_id is None:
        raise ValueError("a run for the bin names what left it")
    return LeftBin(run.cause_id, run.due_at)
