"""What we decide for allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.client_address import client_address
from accounts.models import User
from accounts.passwords.errors import PasswordsBusyError
from accounts.passwords.sign_in_tries import take_sign_in_try
from sondervoice.kernel.clock import utc_now


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Nobody joins by themselves, and nobody guesses for long."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that no header can invent."""
        return client_address(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the person, or None; the try counts unless it was right.

        Raises:
            TooManyTriesError: If there are no tries left; nothing was looked at.
            PasswordsBusyError: If the password could not be checked in time.
        """
        address = str(credentials.get("email") or credentials.get("username") or "")
        one = take_sign_in_try(request, address=address, now=utc_now())
        try:
            user: User | None = super().authenticate(request, **credentials)
        except PasswordsBusyError:
            one.was_none()
            raise
        if user is None:
            one.was_wrong()
        elif user.is_active:
            one.was_right()
        return user
