"""The jobs of joining: letters, and clearing what nobody confirmed."""

from typing import Final
from uuid import UUID

from celery import shared_task

from accounts.joining.services import tell_owners as telling
from accounts.joining.services.clear_invitations import clear_invitations
from accounts.joining.services.clear_sign_ups import clear_sign_ups
from accounts.joining.services.send_invitation import send_invitation
from accounts.joining.services.send_sign_up import send_sign_up
from accounts.services.tell_of_member import write_of_member
from accounts.way_in import organization_ids
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject

_MAIL: Final = Sending(to=("mail",), of=Subject.STAFF, purpose=Purpose.ACCOUNTS)


@job("accounts.send_sign_up", sends=_MAIL)
def write_to_clinic(*, organization_id: UUID | None, sign_up_id: UUID) -> None:
    """Send the letter that confirms a sign-up."""
    send_sign_up(sign_up_id=sign_up_id)


@job("accounts.send_invitation", sends=_MAIL)
def write_to_invited(*, organization_id: UUID, invitation_id: UUID) -> None:
    """Send the letter with an invitation."""
    send_invitation(
        organization_id=organization_id, invitation_id=invitation_id, now=utc_now()
    )


@job("accounts.tell_owner_of_invitation", sends=_MAIL)
def tell_owner_of_invitation(
    *, organization_id: UUID, invitation_id: UUID, user_id: UUID
) -> None:
    """Write to an owner whom their agency invited."""
    telling.tell_owner_of_invitation(
        organization_id=organization_id, invitation_id=invitation_id, user_id=user_id
    )


@job("accounts.tell_owner_of_member", sends=_MAIL)
def tell_owner_of_member(
    *, organization_id: UUID, membership_id: UUID, user_id: UUID
) -> None:
    """Write to an owner which member their agency changed."""
    telling.tell_owner_of_member(
        organization_id=organization_id, membership_id=membership_id, user_id=user_id
    )


@job("accounts.tell_of_limits", sends=_MAIL)
def tell_of_limits(
    *, organization_id: UUID, membership_id: UUID, user_id: UUID
) -> None:
    """Write to a member, or an owner, that other calls are seen from now on."""
    write_of_member(
        "member_limited",
        organization_id=organization_id,
        membership_id=membership_id,
        user_id=user_id,
    )


@shared_task(name="accounts.clear_joining", ignore_result=True)
def sweep_joining() -> None:
    """Forget sign-ups that nobody confirmed, and invitations of long ago."""
    clear_sign_ups(now=utc_now())
    for organization_id in organization_ids():
        clear_invitations(organization_id=organization_id, now=utc_now())
