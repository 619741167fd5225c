"""The token of a reset link: it names a state of the account, and dies with it.

Nothing is stored. A token stands for the password, the address, the sessions' number
and the last sign-in; whatever changes one of them has used it up.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from accounts.models import User

LIVES: Final = timedelta(hours=1)


def make_reset_token(user: User, *, now: datetime) -> str:
    """Return ``<seconds>-<mac>``."""
    return _token_of(user, int(now.timestamp()))


def reset_token_holds(user: User, token: str, *, now: datetime) -> bool:
    """Return whether the token is of this state of the account, and young."""
    made_at = _seconds_of(token)
    is_ours = constant_time_compare(_token_of(user, made_at), token)
    return is_ours and 0 <= now.timestamp() - made_at < LIVES.total_seconds()


def keepsake(token: str) -> str:
    """Return what a session keeps of a token that held: nothing a link is made of."""
    return f"{token.partition('-')[0]}-{sha256(token.encode()).hexdigest()}"


def keepsake_holds(user: User, kept: str, *, now: datetime) -> bool:
    """Return whether the token of which this was kept still holds."""
    token = _token_of(user, _seconds_of(kept))
    is_same = constant_time_compare(keepsake(token), kept)
    return is_same and reset_token_holds(user, token, now=now)


def _seconds_of(token: str) -> int:
    try:
        return base36_to_int(token.partition("-")[0])
    except ValueError:
        return 0


def _token_of(user: User, seconds: int) -> str:
    state = (
        user.pk,
        user.email,
        user.password,
        user.session_epoch,
        user.last_login.timestamp() if user.last_login else "",
        seconds,
    )
    mac = salted_hmac(
        "accounts.passwords.reset", "|".join(map(str, state)), algorithm="sha256"
    )
    return f"{int_to_base36(seconds)}-{mac.hexdigest()}"
