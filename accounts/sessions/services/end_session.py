"""End one session and say why."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from accounts.services.record_for_clinics import record_for_clinics
from accounts.sessions.models import EndReason, LoginSession
from accounts.sessions.open_pages import tell_open_pages
from sondervoice.kernel import audit
from sondervoice.kernel.tenancy import set_local


@transaction.atomic
def end_session(
    *, session_id: UUID, user_id: UUID, reason: EndReason, ended_at: datetime
) -> bool:
    """End the session and tell its open pages; return whether it still stood.

    Ending twice is harmless: the first reason and time stand.
    """
    set_local("app.user_id", str(user_id))
    stood = LoginSession.objects.filter(
        pk=session_id, user_id=user_id, ended_at=None
    ).update(ended_at=ended_at, end_reason=reason)
    if stood:
        _note(session_id, user_id, reason)
        transaction.on_commit(partial(tell_open_pages, session_id))
    return bool(stood)


def _note(session_id: UUID, user_id: UUID, reason: EndReason) -> None:
    """Write it down; of who signs out, `accounts.comings` has done so."""
    if reason == EndReason.SUPERSEDED:
        _record("accounts.session.superseded", session_id, user_id)
    elif reason in {EndReason.IDLE, EndReason.TOO_OLD}:
        _record("accounts.session.expired", session_id, user_id)
    elif reason == EndReason.ENDED_BY_PERSON:
        _record("accounts.session.ended", session_id, user_id)
    elif reason == EndReason.CHANGED:
        _record("accounts.session.revoked", session_id, user_id)


def _record(action: str, session_id: UUID, user_id: UUID) -> None:
    by_person = action in {"accounts.session.superseded", "accounts.session.ended"}
    entry = audit.Entry(
        action=action,
        organization_id=None,
        actor_kind="user" if by_person else "system",
        actor_id=user_id if by_person else None,
        subject_kind="login_session",
        subject_id=session_id,
        facts={"user": user_id},
    )
    record_for_clinics(entry, user_id=user_id)
