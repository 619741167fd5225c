"""Ask for a letter with which a password is set anew."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from sondervoice.kernel import audit
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.jobs import after_commit


@transaction.atomic
def ask_reset(*, address: str) -> None:
    """Record the wish and leave the rest to a job, whether or not we know the address.

    The job of an address that is nobody's finds nobody: the same rows, the same time.
    """
    user = User.objects.filter(email=address.lower()).first()
    audit.record(
        audit.Entry(
            action="accounts.password_reset.asked",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="user",
            subject_id=user.pk if user else None,
        )
    )
    user_id: UUID = user.pk if user else uuid7()
    after_commit(
        "accounts.send_reset_letter", organization_id=None, ids={"user_id": user_id}
    )
