"""Questions about operators' sessions at the clinic of the open scope."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.operators.errors import OperatorThingNotFoundError
from accounts.operators.models import ClinicHelp, OperatorSession
from accounts.permissions import Permission

ASKED_FOR_AT_MOST: Final = timedelta(hours=4)


def is_help_off() -> bool:
    """Return whether the clinic wants no help."""
    return ClinicHelp.objects.filter(is_off=True).exists()


def can_still_begin(session: OperatorSession, *, now: datetime) -> bool:
    """Return whether it neither began, nor ended, nor was asked for too long ago."""
    is_late = session.requested_at + ASKED_FOR_AT_MOST <= now
    return not (session.started_at or session.ended_at or is_late)


def find_live_session(
    *, session_id: UUID, operator_id: UUID, now: datetime
) -> OperatorSession | None:
    """Return the operator's own session if its minutes run."""
    return (
        OperatorSession.objects.select_related("organization")
        .filter(pk=session_id, operator_id=operator_id)
        .filter(started_at__lte=now, ends_at__gt=now, ended_at=None)
        .first()
    )


def get_session_for_update(*, session_id: UUID) -> OperatorSession:
    """Return a session of the clinic, locked until the transaction ends.

    Raises:
        OperatorThingNotFoundError: If there is none, or it is another clinic's.
    """
    found = OperatorSession.objects.select_for_update().filter(pk=session_id).first()
    if found is None:
        raise OperatorThingNotFoundError
    return found


def list_sessions(*, actor: Actor) -> QuerySet[OperatorSession]:
    """Return the clinic's sessions, newest first.

    Raises:
        PermissionMissingError: If the actor may not see who looked at what.
    """
    actor.require(Permission.ACCESS_VIEW)
    return OperatorSession.objects.order_by("-requested_at", "-pk")


def list_open_sessions(*, now: datetime) -> QuerySet[OperatorSession]:
    """Return what is live, approved or asked for."""
    waits = Q(started_at=None, requested_at__gt=now - ASKED_FOR_AT_MOST)
    return OperatorSession.objects.filter(waits | Q(ends_at__gt=now), ended_at=None)
