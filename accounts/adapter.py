"""What we decide for allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.client_address import client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Nobody joins by themselves: people are given an account by their clinic."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that no header can invent."""
        return client_address(request)
