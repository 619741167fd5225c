"""What follows every change of a person's second factors."""

from datetime import datetime
from uuid import UUID

from accounts.models import User
from accounts.second_factor.selectors.factors import list_factors
from accounts.services.end_sessions import end_own_sessions
from sondervoice.kernel.jobs import after_commit


def note_change(*, user: User, letter: str, now: datetime) -> int:
    """Keep `second_factor_since` true, tell the person, end their sessions.

    Args:
        letter: The job that writes to them.

    Returns:
        The number that the session which asked takes along.
    """
    has_any = bool(list_factors(user=user))
    _keep_since(user.pk, now if has_any else None)
    after_commit(letter, organization_id=None, ids={"user_id": user.pk})
    return end_own_sessions(user_id=user.pk)


def _keep_since(user_id: UUID, since: datetime | None) -> None:
    mine = User.objects.filter(pk=user_id)
    if since is not None:
        mine = mine.filter(second_factor_since=None)
    mine.update(second_factor_since=since)
