"""What we decide for allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.client_address import client_address
from accounts.way_back import way_back


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Nobody joins by themselves: people are given an account by their clinic."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that no header can invent."""
        return client_address(request)

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether this way back leads to a page of ours."""
        return bool(way_back(url))
