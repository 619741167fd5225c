"""What we decide for allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.client_address import client_address
from accounts.models import User
from accounts.second_factor.half_sign_in import (
    ask_for_factor,
    begin_half,
    needs_factor,
)
from accounts.way_back import way_back
from sondervoice.kernel.clock import utc_now


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Nobody joins by themselves: people are given an account by their clinic."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def pre_login(
        self,
        request: HttpRequest,
        user: User,
        *,
        redirect_url: str | None,
        **kwargs: Any,
    ) -> HttpResponse | None:
        """Return where a right password leads instead of into a session, or None.

        Who has a second factor is not signed in by a password alone.
        """
        response: HttpResponse | None = super().pre_login(
            request, user, redirect_url=redirect_url, **kwargs
        )
        if response is not None or not needs_factor(user):
            return response
        begin_half(request, user, now=utc_now())
        return ask_for_factor(redirect_url or settings.LOGIN_REDIRECT_URL)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that no header can invent."""
        return client_address(request)

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether this way back leads to a page of ours."""
        return bool(way_back(url))
