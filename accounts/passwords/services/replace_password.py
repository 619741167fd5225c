"""Replace a person's password: by themselves, or with the link from their mail."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password

from accounts.models import User
from accounts.passwords.errors import PasswordWrongError, ResetLinkDeadError
from accounts.passwords.reset_tokens import keepsake_holds
from accounts.services.end_sessions import end_own_sessions
from accounts.services.record_for_clinics import record_for_clinics
from accounts.way_in import leave_database, signing_in
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit


def change_password(*, user: User, old: str, new: str) -> User:
    """Replace the password of who knows the old one; return the person as they are now.

    All their sessions and tokens end; the caller's may take the new number along.

    Raises:
        PasswordWrongError: If the old one is another; nothing was changed.
        PasswordsBusyError: If it could not be hashed in time; nothing was changed.
    """
    leave_database()
    if not check_password(old, user.password):
        raise PasswordWrongError
    hashed = make_password(new)
    with signing_in():
        # Locked, and looked at again: of two changes at once the second finds that
        # the old password is not the one it was shown.
        fresh = User.objects.select_for_update().get(pk=user.pk)
        if fresh.password != user.password:
            raise PasswordWrongError
        _replace(fresh, hashed)
        _record("accounts.password.changed", fresh)
        return fresh


def reset_password(*, user_id: UUID, kept: str, new: str, now: datetime) -> None:
    """Replace the password with what a session kept of the link; it signs nobody in.

    Raises:
        ResetLinkDeadError: If the link does not hold any more; nothing was changed.
        PasswordsBusyError: If it could not be hashed in time; nothing was changed.
    """
    leave_database()
    hashed = make_password(new)
    with signing_in():
        # Locked, so that of two with one link the second comes too late.
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None or not keepsake_holds(user, kept, now=now):
            raise ResetLinkDeadError
        _replace(user, hashed)
        _record("accounts.password.reset", user)


def _replace(user: User, hashed: str) -> None:
    user.password = hashed
    user.save(update_fields=["password"])
    user.session_epoch = end_own_sessions(user_id=user.pk)
    after_commit(
        "accounts.send_password_letter",
        organization_id=None,
        ids={"user_id": user.pk},
    )


def _record(action: str, user: User) -> None:
    record_for_clinics(
        audit.Entry(
            action=action,
            organization_id=None,
            actor_kind="user",
            actor_id=user.pk,
            subject_kind="user",
            subject_id=user.pk,
            fields=("password",),
        ),
        user_id=user.pk,
    )
