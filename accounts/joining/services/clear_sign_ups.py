"""Forget sign-ups that nobody confirmed."""

from datetime import datetime

from accounts.joining.models import SignUp
from accounts.way_in import signing_in


def clear_sign_ups(*, now: datetime) -> int:
    """Delete what has expired; return how many there were."""
    with signing_in():
        deleted, _ = SignUp.objects.filter(expires_at__lte=now).delete()
        return deleted
