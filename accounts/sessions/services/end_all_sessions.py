"""End everything a person is signed in with."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.services.end_sessions import end_own_sessions
from accounts.sessions.models import EndReason, LoginSession
from accounts.sessions.services.end_session import end_session


@transaction.atomic
def end_all_sessions(*, user_id: UUID, now: datetime) -> None:
    """End the person's session, also the one that asks, and all of their tokens."""
    end_own_sessions(user_id=user_id)
    for row in LoginSession.objects.filter(user_id=user_id, ended_at=None):
        end_session(
            session_id=row.pk,
            user_id=user_id,
            reason=EndReason.ENDED_BY_PERSON,
            ended_at=now,
        )
