"""Take down who wants to open a clinic, and write to them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from accounts.joining.links import Link, LinkKind
from accounts.joining.models import SignUp
from accounts.services.create_organization import ClinicDetails
from sondervoice.kernel import audit
from sondervoice.kernel.jobs import after_commit

GOOD_FOR: Final = timedelta(hours=24)
# One letter a minute, and few in a day: nobody's mailbox is filled through us.
PAUSE: Final = timedelta(minutes=1)
LETTERS_AT_MOST: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpWish:
    """What the form says; the password is hashed already."""

    email: str
    full_name: str
    hashed_password: str
    clinic: ClinicDetails


@transaction.atomic
def ask_sign_up(*, wish: SignUpWish, now: datetime) -> Link | None:
    """Keep the wish and send the letter; nothing else is made yet.

    The same is done for an address that has an account, so neither the answer nor its
    time tells which it is; the letter differs.

    Returns:
        The link that the letter will hold, or None when the last letter is too new and
        the wish was dropped.
    """
    row = SignUp.objects.select_for_update().filter(email=wish.email.lower()).first()
    if row is not None and _is_too_soon(row, now):
        return None
    row = row or SignUp(email=wish.email.lower())
    _fill(row, wish, now)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Sent twice at once: the other one stands.
        return None
    _tell(row)
    return Link(kind=LinkKind.SIGN_UP, row_id=row.pk, number=row.link_number)


def _is_too_soon(row: SignUp, now: datetime) -> bool:
    is_full = row.link_number >= LETTERS_AT_MOST and now < row.expires_at
    return is_full or now < row.sent_at + PAUSE


def _fill(row: SignUp, wish: SignUpWish, now: datetime) -> None:
    row.full_name = wish.full_name
    row.password = wish.hashed_password
    row.clinic_name = wish.clinic.name
    row.timezone = wish.clinic.timezone
    row.country = wish.clinic.country
    row.jurisdiction = wish.clinic.jurisdiction
    row.region = wish.clinic.region
    row.link_number += 1
    row.sent_at = now
    row.expires_at = now + GOOD_FOR


def _tell(row: SignUp) -> None:
    audit.record(
        audit.Entry(
            action="accounts.sign_up.asked",
            organization_id=None,
            actor_kind="system",
            actor_id=None,
            subject_kind="sign_up",
            subject_id=row.pk,
            facts={"letters": row.link_number},
        )
    )
    after_commit(
        "accounts.send_sign_up", organization_id=None, ids={"sign_up_id": row.pk}
    )
