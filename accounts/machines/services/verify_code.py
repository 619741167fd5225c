"""Check the one-time or recovery code that comes with a sign-in by the API."""

from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.guessing.errors import TooManyTriesError
from accounts.models import User
from accounts.second_factor.services.show_code import show_code, show_recovery_code
from sondervoice.kernel.tenancy import set_local

_DIGITS: Final = 6


def verify_code(*, user: User, code: str, now: datetime) -> bool:
    """Return whether the code is right; it is spent then.

    A wrong one is counted and written down, and stays so whatever the caller does
    next: call it outside a transaction.

    Raises:
        TooManyTriesError: If no code of the person is looked at for a while.
    """
    show = show_code if len(code) == _DIGITS else show_recovery_code
    with transaction.atomic():
        set_local("app.user_id", str(user.pk))
        answer = show(user_id=user.pk, code=code, now=now)
    if answer.device is None and answer.locked_until is not None:
        raise TooManyTriesError(wait_s=(answer.locked_until - now).total_seconds())
    return answer.device is not None
