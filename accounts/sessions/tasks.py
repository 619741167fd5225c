"""The clock's task of sessions."""

from celery import shared_task

from accounts.sessions.services.clear_sessions import clear_sessions
from sondervoice.kernel.clock import utc_now


@shared_task(name="accounts.clear_sessions", ignore_result=True)
def clear_old_sessions() -> None:
    """Close and forget old sessions."""
    clear_sessions(now=utc_now())
