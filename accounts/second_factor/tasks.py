"""The letters about a person's second factor, and its keys after a rotation."""

from typing import Final
from uuid import UUID

from celery import shared_task

from accounts.letters import send_letter
from accounts.second_factor.mailbox import make_code
from accounts.second_factor.services.seal_apps_anew import seal_apps_anew
from accounts.services.tell_of_member import write_of_member
from accounts.way_in import find_user
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject

_MAIL: Final = Sending(to=("mail",), of=Subject.STAFF, purpose=Purpose.SECURITY)


@job("accounts.tell_factor_added", gives_up=False, sends=_MAIL)
def tell_factor_added(*, organization_id: UUID | None, user_id: UUID) -> None:
    """Tell a person that one more way to sign in was added."""
    _tell("factor_added", user_id)


@job("accounts.tell_factor_removed", gives_up=False, sends=_MAIL)
def tell_factor_removed(*, organization_id: UUID | None, user_id: UUID) -> None:
    """Tell a person that a way to sign in was removed."""
    _tell("factor_removed", user_id)


@job("accounts.tell_codes_made", gives_up=False, sends=_MAIL)
def tell_codes_made(*, organization_id: UUID | None, user_id: UUID) -> None:
    """Tell a person that their recovery codes are new."""
    _tell("recovery_codes_made", user_id)


@job("accounts.tell_factor_reset", gives_up=False, sends=_MAIL)
def tell_factor_reset(*, organization_id: UUID | None, user_id: UUID) -> None:
    """Tell a person that they set up their second factor anew."""
    _tell("factor_reset", user_id)


@job("accounts.tell_owner_of_reset", gives_up=False, sends=_MAIL)
def tell_owner_of_reset(
    *, organization_id: UUID, membership_id: UUID, user_id: UUID
) -> None:
    """Tell an owner that somebody reset a member's second factor."""
    write_of_member(
        "member_factor_reset",
        organization_id=organization_id,
        membership_id=membership_id,
        user_id=user_id,
    )


@job("accounts.send_mailbox_code", sends=_MAIL)
def send_mailbox_code(
    *, organization_id: UUID | None, user_id: UUID, asked_id: UUID
) -> None:
    """Send the code by which a person shows that they read their mail."""
    person = find_user(user_id)
    if person is not None:
        code = make_code(person, asked_id)
        send_letter("mailbox_code", to=person.email, code=code)


@shared_task(name="accounts.seal_apps_anew", ignore_result=True)
def seal_anew() -> None:
    """Seal the apps' keys anew after a rotation of SECRET_KEY."""
    seal_apps_anew()


def _tell(letter: str, user_id: UUID) -> None:
    person = find_user(user_id)
    if person is not None:
        send_letter(letter, to=person.email, person=person.full_name)
