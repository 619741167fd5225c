"""Who answers for data protection here, and under which registration.

Source:
    Information Commissioner's Office, "Information we will collect and publish" (read
    2026-11): its register shows the number, and the day on which the fee runs out.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.conf import settings

WARNS_BEFORE: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What pages may say.

    Attributes:
        email: Of whoever answers for data protection; empty where none is named.
        ico_number: Of the registration with the United Kingdom's Information
            Commissioner; empty where there is none, or it has run out.
    """

    email: str
    ico_number: str


def find_contact(*, today: date) -> Contact:
    """Return what is named and has not run out."""
    expires_on = settings.ICO_EXPIRES_ON
    is_good = expires_on is not None and today <= expires_on
    return Contact(
        email=settings.DPO_MAIL,
        ico_number=settings.ICO_NUMBER if is_good else "",
    )


def days_left(*, today: date) -> int | None:
    """Return for how many days the registration is still good, below 0 once it is not.

    Returns:
        None where there is none, or there is time enough.
    """
    expires_on: date | None = settings.ICO_EXPIRES_ON
    if expires_on is None or expires_on - today > WARNS_BEFORE:
        return None
    return (expires_on - today).days
