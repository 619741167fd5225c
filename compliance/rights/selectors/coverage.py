"""What the clinic keeps of one number: how much of what, and what is still there."""

from datetime import datetime

from compliance.retention.selectors.holds import covered
from compliance.rights.models import RightsRequest
from sondervoice.kernel.personal_data import OfCaller, holders
from sondervoice.kernel.subject_data import subject_holders


def selection_of(request: RightsRequest, *, now: datetime) -> OfCaller:
    """Return what a request is about: all up to its decision, or up to now.

    Raises:
        ValueError: If who asked is forgotten; no bytes would find what is erased.
    """
    index = bytes(request.phone_index)
    if not index:
        raise ValueError("the request no longer knows whose it is")
    return OfCaller(index, before=request.decided_at or now)


def is_known(index: bytes, *, now: datetime) -> bool:
    """Return whether the clinic of the open scope keeps anything of this number."""
    wanted = OfCaller(index, before=now)
    return any(holder.count(wanted) for holder in subject_holders())


def count_covered(request: RightsRequest, *, now: datetime) -> dict[str, int]:
    """Return how much there is of each kind, by its name; kinds without any too."""
    wanted = selection_of(request, now=now)
    return {holder.name: holder.count(wanted) for holder in subject_holders()}


def is_any_left(request: RightsRequest, *, now: datetime) -> bool:
    """Return whether anything is still there, held or not."""
    wanted = selection_of(request, now=now)
    return any(holder.has_due(wanted, holds=()) for holder in holders())


def is_any_free(request: RightsRequest, *, now: datetime) -> bool:
    """Return whether anything is still there that no hold covers."""
    wanted, holds = selection_of(request, now=now), covered()
    return any(holder.has_due(wanted, holds=holds) for holder in holders())
