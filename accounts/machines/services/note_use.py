"""Keep when a person's tokens were last used: unused for long, they are over."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from accounts.machines.models import TokenFamily

SEEN_WITHIN: Final = timedelta(minutes=1)


def note_use(family_id: UUID, *, now: datetime) -> None:
    """Write that the tokens were used, once a minute at most.

    Called in a transaction that runs as the person.
    """
    TokenFamily.objects.filter(
        pk=family_id, ended_at=None, used_at__lte=now - SEEN_WITHIN
    ).update(used_at=now)
