"""What we decide for allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Nobody joins by themselves: people are given an account by their clinic."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False."""
        return False
