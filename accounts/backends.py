"""How a session finds its person, and a password is checked."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from accounts.models import User
from accounts.passwords.errors import PasswordsBusyError
from accounts.passwords.sign_in_tries import take_sign_in_try
from accounts.way_in import find_user, leave_database, signing_in
from sondervoice.kernel.clock import utc_now


class ScopedBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """allauth's backend, looking at people only through the way in.

    Tries are counted here, so that no road to a password leads round the counters.
    """

    def get_user(self, user_id: UUID | str) -> User | None:
        """Return the person of a session, or None once they are inactive."""
        return find_user(UUID(str(user_id)))

    def authenticate(
        self, request: HttpRequest | None, **credentials: Any
    ) -> User | None:
        """Return the person whose address and password these are, or None.

        Raises:
            TooManyTriesError: If there are no tries left; nothing was looked at.
            PasswordsBusyError: If the password could not be checked in time; the try
                does not count.
        """
        address = credentials.get("email") or credentials.get("username")
        password = credentials.get("password")
        if request is None or not address or not password:
            return None
        address = str(address).strip().lower()
        one = take_sign_in_try(request, address=address, now=utc_now())
        try:
            user = find_by_password(address, password)
        except PasswordsBusyError:
            one.was_none()
            raise
        if user is None:
            one.was_wrong()
            return None
        if not self.user_can_authenticate(user):
            # allauth is told, as it wants: a page says that the account is closed.
            self._stash_user(user)
            return None
        one.was_right()
        return user


def find_by_password(address: str, password: str) -> User | None:
    """Return the person, or None; also one whose account is closed.

    One question and one hash, whoever is asked for: somebody, nobody, a closed account,
    one without a password.
    """
    with signing_in():
        user = User.objects.filter(email=address).first()
    leave_database()
    if user is None:
        make_password(password)
        return None
    return user if check_password(password, user.password, _upgrade_of(user)) else None


def _upgrade_of(user: User) -> Any:
    def keep(password: str) -> None:
        """Hash a password of an older kind anew."""
        user.password = make_password(password)
        with signing_in():
            user.save(update_fields=["password"])

    return keep
