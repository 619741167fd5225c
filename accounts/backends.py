"""How a session finds its person, and a password is checked."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.models import User
from accounts.way_in import find_user, signing_in


class ScopedBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """allauth's backend, looking at people only through the way in."""

    def get_user(self, user_id: UUID | str) -> User | None:
        """Return the person of a session, or None once they are inactive."""
        return find_user(UUID(str(user_id)))

    def authenticate(
        self, request: HttpRequest | None, **credentials: Any
    ) -> User | None:
        """Return the person whose address and password these are, or None."""
        with signing_in():
            user: User | None = super().authenticate(request, **credentials)
            return user
