"""Close what ran out unseen, and forget what ended long ago."""

from datetime import datetime, timedelta
from typing import Final

from accounts.models import SESSION_HOURS_AT_MOST
from accounts.sessions.limits import why_over
from accounts.sessions.models import LoginSession
from accounts.sessions.selectors.own_sessions import KEPT
from accounts.sessions.selectors.standing import find_standing
from accounts.sessions.services.close_session import close_session
from accounts.sessions.store import SessionStore
from accounts.way_in import signing_in
from sondervoice.kernel import audit

# None stands for longer, whatever a clinic chose.
_LONGEST: Final = timedelta(hours=SESSION_HOURS_AT_MOST)


def clear_sessions(*, now: datetime) -> int:
    """Close old sessions that nobody came back to; delete rows a month after the end.

    Returns:
        How many rows were deleted, addresses and devices with them.
    """
    with signing_in():
        old = LoginSession.objects.filter(ended_at=None, started_at__lt=now - _LONGEST)
        left = list(old.values_list("pk", flat=True))
    for session_id in left:
        standing = find_standing(session_id)
        reason = why_over(standing, now=now) if standing is not None else None
        if standing is not None and reason is not None:
            close_session(standing=standing, reason=reason, now=now)
    SessionStore.clear_expired()
    return _forget(now)


def _forget(now: datetime) -> int:
    with signing_in():
        count, _ = LoginSession.objects.filter(ended_at__lt=now - KEPT).delete()
        if count:
            audit.record(
                audit.Entry(
                    action="accounts.sessions.cleared",
                    organization_id=None,
                    actor_kind="system",
                    actor_id=None,
                    subject_kind="login_session",
                    subject_id=None,
                    facts={"count": count},
                )
            )
        return count
