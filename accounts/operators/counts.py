"""What stands now, over all clinics; read through the operators' door."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Organization
from accounts.operators.models import (
    LEAVING_DUE_IN,
    Leaving,
    OperatorGrant,
    OperatorSession,
)
from accounts.operators.reading import rows_of
from accounts.operators.selectors.grants import live


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the overview shows.

    Attributes:
        grants: That are live, with their person: the register.
        sessions: That run, with their clinic.
    """

    clinics: int
    grants: list[OperatorGrant]
    sessions: list[OperatorSession]
    asked_sessions: int
    open_leavings: int
    overdue_leavings: int


def read_counts(*, now: datetime) -> Counts:
    """Return the counts as they stand now."""
    sessions = rows_of(OperatorSession).filter(ended_at=None)
    leavings = rows_of(Leaving).filter(closed_at=None)
    return Counts(
        clinics=rows_of(Organization).count(),
        grants=list(
            rows_of(OperatorGrant)
            .filter(live(now))
            .select_related("user")
            .defer("user__password")
            .order_by("expires_at", "pk")
        ),
        sessions=list(
            sessions.filter(ends_at__gt=now)
            .select_related("organization")
            .order_by("ends_at", "pk")
        ),
        asked_sessions=sessions.filter(approved_at=None).count(),
        open_leavings=leavings.count(),
        overdue_leavings=leavings.filter(begun_at__lte=now - LEAVING_DUE_IN).count(),
    )
