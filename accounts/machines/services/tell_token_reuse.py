"""Write to a person that a refresh token of theirs was used twice."""

from uuid import UUID

from django.db import transaction

from accounts.letters import send_letter
from accounts.machines.models import TokenFamily
from sondervoice.kernel.tenancy import set_local


def tell_token_reuse(*, family_id: UUID, user_id: UUID) -> None:
    """Send the letter; nobody is there to read it once the person has gone.

    Raises:
        VendorError: If the mail server did not take it.
    """
    with transaction.atomic():
        set_local("app.user_id", str(user_id))
        family = (
            TokenFamily.objects.select_related("user")
            .filter(pk=family_id, user__is_active=True)
            .first()
        )
    if family is not None:
        send_letter(
            "token_reused",
            to=family.user.email,
            started_at=family.started_at,
            ended_at=family.ended_at,
        )
