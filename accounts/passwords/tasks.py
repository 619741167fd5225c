"""The jobs about passwords: letters, each to the one person whose id travels."""

from typing import Final
from uuid import UUID

from accounts.passwords.services import send_letters
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject

_MAIL: Final = Sending(to=("mail",), of=Subject.STAFF, purpose=Purpose.SECURITY)


@job("accounts.send_reset_letter", sends=_MAIL)
def send_reset_letter(*, organization_id: UUID | None, user_id: UUID) -> None:
    """Send the link by which a password is set anew."""
    send_letters.send_reset_letter(user_id=user_id, now=utc_now())


@job("accounts.send_password_letter", gives_up=False, sends=_MAIL)
def send_password_letter(*, organization_id: UUID | None, user_id: UUID) -> None:
    """Tell that the password was changed."""
    send_letters.send_changed_letter(user_id=user_id)


@job("accounts.send_lock_letter", gives_up=False, sends=_MAIL)
def send_lock_letter(*, organization_id: UUID | None, user_id: UUID) -> None:
    """Tell that somebody guesses."""
    send_letters.send_lock_letter(user_id=user_id)
