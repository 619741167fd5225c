"""Let one session go on after all of its person's were ended."""

from typing import Final

from django.http import HttpRequest

SESSION_EPOCH: Final = "session_epoch"
# Why the session before was ended, for the sign-in page to say.
ENDED: Final = "session_ended"


def keep_session(request: HttpRequest, *, epoch: int) -> None:
    """Give this session the person's new number and a new id.

    For whoever has just changed their own password or second factor:
    ``keep_session(request, epoch=end_own_sessions(user_id=user.pk))``. The session's
    row follows when the answer leaves.

    Where somebody else has ended the person's sessions while this one was at work, it
    is over as well: it keeps its old number and is turned away at its next request.
    """
    request.session.cycle_key()
    if epoch == request.session[SESSION_EPOCH] + 1:
        request.session[SESSION_EPOCH] = epoch
