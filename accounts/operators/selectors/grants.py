"""Who is an operator now."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.operators.models import OperatorGrant


def live(now: datetime) -> Q:
    """Return what a grant that counts now looks like."""
    return Q(approved_at__lte=now, expires_at__gt=now, ended_at=None)


def has_live_grant(*, user_id: UUID, now: datetime) -> bool:
    """Return whether the person holds a grant that counts now.

    Asked with the person's id set in the database, or at the desk.
    """
    return OperatorGrant.objects.filter(live(now), user_id=user_id).exists()


def was_operator(*, user_id: UUID) -> bool:
    """Return whether the person is or ever was one: rows of ours may name them so.

    Asked with the person's id set in the database, or at the desk.
    """
    theirs = OperatorGrant.objects.filter(user_id=user_id)
    return theirs.exclude(approved_at=None).exists()
