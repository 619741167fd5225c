"""What a run of ours erases: all of one number up to the decision."""

from compliance.retention.models import RetentionRun
from compliance.rights.selectors.coverage import selection_of
from compliance.rights.settling import request_of
from sondervoice.kernel.personal_data import OfCall, Selection


def select(run: RetentionRun) -> Selection:
    """Return what the run erases, the same each time while it goes on.

    A job may come once more when the person is forgotten. No call has the run's id, so
    nothing is found then; an empty index would find what others' erased calls left.
    """
    request = request_of(run)
    if request is None or request.forgotten_at is not None:
        return OfCall(run.id)
    return selection_of(request, now=run.due_at)
