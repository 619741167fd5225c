"""The jobs of joining: letters, and clearing what nobody confirmed."""

from uuid import UUID

from celery import shared_task

from accounts.joining.services.clear_sign_ups import clear_sign_ups
from accounts.joining.services.send_invitation import send_invitation
from accounts.joining.services.send_sign_up import send_sign_up
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job


@job("accounts.send_sign_up")
def write_to_clinic(*, organization_id: UUID | None, sign_up_id: UUID) -> None:
    """Send the letter that confirms a sign-up."""
    send_sign_up(sign_up_id=sign_up_id)


@job("accounts.send_invitation")
def write_to_invited(*, organization_id: UUID, invitation_id: UUID) -> None:
    """Send the letter with an invitation."""
    send_invitation(
        organization_id=organization_id, invitation_id=invitation_id, now=utc_now()
    )


@shared_task(name="accounts.clear_sign_ups", ignore_result=True)
def sweep_sign_ups() -> None:
    """Forget sign-ups that nobody confirmed."""
    clear_sign_ups(now=utc_now())
