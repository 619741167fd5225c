"""Remember that a person has put their recovery codes away."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.second_factor.models import RecoveryCodes
from sondervoice.kernel import audit


@transaction.atomic
def keep_codes(*, user: User, now: datetime) -> None:
    """Write it down, the first time; without codes nothing happens."""
    waiting = RecoveryCodes.objects.filter(user=user, kept_at=None)
    if not waiting.update(kept_at=now):
        return
    audit.record(
        audit.Entry(
            action="accounts.recovery_codes.kept",
            organization_id=None,
            actor_kind="user",
            actor_id=user.pk,
            subject_kind="user",
            subject_id=user.pk,
        )
    )
