"""What follows every change of the accounts by which a person comes in."""

from contextlib import nullcontext
from uuid import UUID

from accounts.models import User
from accounts.services.end_sessions import end_own_sessions
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit


def note_change(*, user: User, letter: str, organization_id: UUID | None) -> int:
    """Tell the person, and end all their sessions and tokens.

    Args:
        letter: The job that writes to them.
        organization_id: Whose directory it is; None for Google and Microsoft.

    Returns:
        The number that the session which asked takes along.
    """
    with nullcontext() if organization_id is None else tenancy.scope(organization_id):
        after_commit(letter, organization_id=organization_id, ids={"user_id": user.pk})
    return end_own_sessions(user_id=user.pk)
