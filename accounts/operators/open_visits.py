"""Ends what an operator has open at clinics, wherever that is."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.operators.errors import OverError
from accounts.operators.models import OperatorSession
from accounts.operators.reading import rows_of
from accounts.operators.services.end_session import end_session


def end_open_visits(
    *,
    operator_id: UUID,
    of_user_id: UUID,
    with_approvals: bool = False,
    now: datetime,
) -> int:
    """End each session of the person's that runs or may still begin; return how many.

    So that the clinics see when it was over, not when it would have been. Call it
    while the door to all clinics' rows is open.

    Args:
        with_approvals: What they approved and nobody has begun ends as well.
    """
    not_over = Q(ends_at=None) | Q(ends_at__gt=now)
    whose = Q(operator_id=of_user_id)
    if with_approvals:
        whose |= Q(approved_by_id=of_user_id, started_at=None)
    sessions = rows_of(OperatorSession).filter(not_over, whose, ended_at=None)
    places = list(sessions.values_list("organization_id", "pk"))
    for organization_id, session_id in places:
        # Ended by somebody else meanwhile: what was wanted.
        with suppress(OverError):
            end_session(
                operator_id=operator_id,
                organization_id=organization_id,
                session_id=session_id,
                now=now,
            )
    return len(places)
