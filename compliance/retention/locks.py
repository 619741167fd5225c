"""Who decides about a clinic's data waits for who acts on it, and the reverse.

Purges, ends of calls and bookings share the lock; a change of the days and a hold want
it alone. So a hold that was placed is seen by every batch after it, and no call ends
with days that were just taken away. It lasts until the open transaction is over.
"""

from uuid import UUID

from django.db import connection

_KEY = "SELECT {}(hashtextextended(%s, 0))"


def act_on_decision(organization_id: UUID) -> None:
    """Wait while somebody decides."""
    _lock("pg_advisory_xact_lock_shared", organization_id)


def decide_alone(organization_id: UUID) -> None:
    """Wait until nobody acts, and keep them waiting."""
    _lock("pg_advisory_xact_lock", organization_id)


def _lock(function: str, organization_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEY.format(function), [f"retention:{organization_id}"])
