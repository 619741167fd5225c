"""Let one session go on after all of its person's were ended."""

from typing import Final

from django.http import HttpRequest

SESSION_EPOCH: Final = "session_epoch"


def keep_session(request: HttpRequest, *, epoch: int) -> None:
    """Give this session the person's new number and a new id.

    For whoever has just changed their own password or second factor:
    ``keep_session(request, epoch=end_own_sessions(user_id=user.pk))``. The session's
    row follows when the answer leaves.
    """
    request.session.cycle_key()
    request.session[SESSION_EPOCH] = epoch
