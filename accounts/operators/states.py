"""Where a grant, a session or an act stands now, in one word."""

from datetime import datetime

from accounts.operators.models import OperatorAct, OperatorGrant, OperatorSession
from accounts.operators.selectors.sessions import can_still_begin
from accounts.operators.services.approve_act import waits
from accounts.operators.services.approve_grant import ASKED_FOR_AT_MOST


def grant_state(grant: OperatorGrant, *, now: datetime) -> str:
    """Return ``live``, ``asked`` or ``over``."""
    if grant.ended_at is not None:
        return "over"
    if grant.expires_at is not None:
        return "live" if grant.expires_at > now else "over"
    return "asked" if grant.created_at + ASKED_FOR_AT_MOST > now else "over"


def session_state(session: OperatorSession, *, now: datetime) -> str:
    """Return ``live``, ``asked``, ``approved`` or ``over``."""
    if session.ended_at is not None:
        return "over"
    if session.ends_at is not None:
        return "live" if session.ends_at > now else "over"
    if not can_still_begin(session, now=now):
        return "over"
    return "approved" if session.approved_at else "asked"


def act_state(act: OperatorAct, *, now: datetime) -> str:
    """Return ``done``, ``asked`` or ``over``: taken back, or too late."""
    if act.approved_at is not None:
        return "done"
    return "asked" if waits(act, now=now) else "over"
