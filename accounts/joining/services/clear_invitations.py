"""Forget whom a clinic had invited, some time after it can no longer matter."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from accounts.joining.models import Invitation
from sondervoice.kernel import tenancy

# Long enough to see on the page that one ran out, and to send it again.
KEPT_FOR: Final = timedelta(days=30)


def clear_invitations(*, organization_id: UUID, now: datetime) -> int:
    """Delete the invitations that ran out 30 days ago; return how many there were.

    The record keeps that they were made, and by whom they were accepted.
    """
    with tenancy.scope(organization_id):
        old = Invitation.objects.filter(expires_at__lte=now - KEPT_FOR)
        deleted, _ = old.delete()
        return deleted
