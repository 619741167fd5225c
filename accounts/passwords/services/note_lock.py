"""Write down that guessing was stopped, and tell whom it was about."""

from datetime import datetime
from uuid import UUID

from accounts.guessing.errors import TooManyTriesError
from accounts.guessing.limits import LOCK_LETTER, SIGN_IN_CLIENT, SIGN_IN_DEVICE, Limit
from accounts.guessing.services.take_try import take_try
from accounts.models import User
from accounts.way_in import signing_in
from sondervoice.kernel import audit
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.jobs import after_commit


def note_lock(*, address: str, limit: Limit, now: datetime) -> None:
    """Record the lock; an account's person gets a letter, one an hour at most.

    An address that is nobody's makes the same rows, so that time tells nothing.
    """
    with signing_in():
        user = User.objects.filter(email=address).first()
        about_account = limit is not SIGN_IN_CLIENT
        audit.record(
            audit.Entry(
                action="accounts.sign_in.locked",
                organization_id=None,
                actor_kind="system",
                actor_id=None,
                subject_kind="user",
                subject_id=user.pk if user and about_account else None,
                facts={
                    "tries": limit.tries,
                    "is_of_client": not about_account,
                    "is_of_device": limit is SIGN_IN_DEVICE,
                },
            )
        )
        if about_account and _may_write(address, now):
            user_id: UUID = user.pk if user else uuid7()
            after_commit(
                "accounts.send_lock_letter",
                organization_id=None,
                ids={"user_id": user_id},
            )


def _may_write(address: str, now: datetime) -> bool:
    try:
        take_try(limit=LOCK_LETTER, key=address, now=now)
    except TooManyTriesError:
        return False
    return True
