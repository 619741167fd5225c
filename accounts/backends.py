"""How a session finds its person, and a password is checked."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
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
        """Return the person whose address and password these are, or None.

        One question and one hash, whoever is asked for: somebody, nobody, a closed
        account, one without a password. Of a closed account whose password is right
        allauth is told, as it wants: a page says so.

        Raises:
            PasswordsBusyError: If the password could not be checked in time.
        """
        address = credentials.get("email") or credentials.get("username")
        password = credentials.get("password")
        if not address or not password:
            return None
        with signing_in():
            user = User.objects.filter(email=str(address).strip().lower()).first()
        leave_database()
        if user is None:
            make_password(password)
            return None
        if not check_password(password, user.password, _upgrade_of(user)):
            return None
        if not self.user_can_authenticate(user):
            self._stash_user(user)
            return None
        return user


def leave_database() -> None:
    """Give the connection back before a password is hashed, which may wait for others.

    Within a transaction it stays.
    """
    if not connection.in_atomic_block:
        connection.close()


def _upgrade_of(user: User) -> Any:
    def keep(password: str) -> None:
        """Hash a password of an older kind anew."""
        user.password = make_password(password)
        with signing_in():
            user.save(update_fields=["password"])

    return keep
