"""The letters about a password; each reads its person and writes, or finds nobody."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from accounts.letters import send_letter
from accounts.models import User
from accounts.passwords.reset_tokens import make_reset_token
from accounts.way_in import find_user


def send_reset_letter(*, user_id: UUID, now: datetime) -> None:
    """Send the link, unless there is nobody; it sets a first password too.

    Who came by their clinic's directory has none, and no other way in once they
    disconnect it or the clinic gives it up. Where a directory is the only way in, a
    password opens nothing of the clinic's.

    Raises:
        VendorError: If the mail server did not take it.
    """
    user = find_user(user_id)
    if user is None:
        return
    token = make_reset_token(user, now=now)
    path = reverse("password-reset-link", args=[user.pk, token])
    _send("password_reset", user, link=f"{settings.PUBLIC_BASE_URL}{path}")


def send_changed_letter(*, user_id: UUID) -> None:
    """Tell the person that their password is another one now.

    Raises:
        VendorError: If the mail server did not take it.
    """
    user = find_user(user_id)
    if user is not None:
        _send("password_changed", user)


def send_lock_letter(*, user_id: UUID) -> None:
    """Tell the person that somebody guesses at their password.

    Raises:
        VendorError: If the mail server did not take it.
    """
    user = find_user(user_id)
    if user is not None:
        _send("sign_in_locked", user)


def _send(name: str, user: User, **words: str) -> None:
    send_letter(name, to=user.email, reset_path=reverse("password-reset"), **words)
