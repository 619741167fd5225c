"""Make the person behind an address that a link has proved."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User


def create_verified_user(
    *, email: str, full_name: str, hashed_password: str, now: datetime
) -> User | None:
    """Make the person and return them, or None when the address is taken by now.

    Belongs to the sign-in pages, which alone may write people's rows; the record is
    written by what lets the person in.
    """
    try:
        with transaction.atomic():
            return User.objects.create(
                email=email.lower(),
                full_name=full_name,
                password=hashed_password,
                email_verified_at=now,
                created_at=now,
            )
    except IntegrityError:
        return None
