"""Close a session that was found to be over, and say so to its person."""

from datetime import datetime

from accounts.sessions.limits import Standing
from accounts.sessions.models import EndReason
from accounts.sessions.selectors.notices import get_notice
from accounts.sessions.services.end_session import end_session
from accounts.sessions.words import Notice


def close_session(*, standing: Standing, reason: EndReason, now: datetime) -> Notice:
    """Write that the session is over, where nobody has; return what to tell.

    A session that ran out ended when it did, not when somebody came to see it.
    """
    end_session(
        session_id=standing.id,
        user_id=standing.user_id,
        reason=reason,
        ended_at=min(now, standing.lapse[0]),
    )
    return get_notice(standing, reason)
