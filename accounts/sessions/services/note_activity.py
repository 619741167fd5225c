"""Keep a session's row in step with the session."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.sessions.models import LoginSession
from sondervoice.kernel.tenancy import set_local


@transaction.atomic
def note_activity(*, session_id: UUID, user_id: UUID, now: datetime) -> None:
    """Write that the person did something; nothing of an ended session changes."""
    set_local("app.user_id", str(user_id))
    LoginSession.objects.filter(pk=session_id, ended_at=None).update(last_seen_at=now)


@transaction.atomic
def follow_session(
    *, session_id: UUID, user_id: UUID, key_sha256: bytes, epoch: int
) -> None:
    """Write the session's new id and number; nothing of an ended one changes."""
    set_local("app.user_id", str(user_id))
    LoginSession.objects.filter(pk=session_id, ended_at=None).update(
        key_sha256=key_sha256, epoch=epoch
    )
