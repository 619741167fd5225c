"""What a browser has shown of an asking; kept in its session for a short while.

A link's token is moved out of the address at once: from a page without a referrer a
browser sends ``Origin: null`` with a form, which then looks like a forged one.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.http import HttpRequest


class Shown(StrEnum):
    """What was shown: each opens another page."""

    # Filled in the form here: may type the code that went to the telephone.
    ASKED = "asking"
    # Opened the link that proves the mailbox: may confirm.
    CONFIRM = "asking_confirm"
    # Opened the link to the answers: may have a code sent.
    STATUS = "asking_status"
    # Typed that code: sees the answers.
    SEEN = "asking_seen"


LASTS: Final = timedelta(minutes=15)


def note(request: HttpRequest, shown: Shown, asking_id: UUID, *, now: datetime) -> None:
    """Keep in the session that it has shown this for this asking."""
    until = int((now + LASTS).timestamp())
    request.session[shown.value] = [str(asking_id), until]


def find(request: HttpRequest, shown: Shown, *, now: datetime) -> UUID | None:
    """Return the asking for which this was shown of late, or None."""
    kept = request.session.get(shown.value)
    if kept is None or now.timestamp() >= kept[1]:
        return None
    return UUID(kept[0])


def forget(request: HttpRequest, shown: Shown) -> None:
    """Forget it: it was used."""
    request.session.pop(shown.value, None)
