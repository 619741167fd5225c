"""The one door to the role `sv_sealer`: reads the record of all, adds what seals it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, cast

from django.conf import settings
from django.db import connections, transaction

_ALIAS: Final = "sealer"
# Where the state is gone every row waits, for nobody seals.
_UNSEALED: Final = """
SELECT min(at) FROM audit_logs
 WHERE xid >= coalesce((SELECT horizon FROM ledger_state), '0')"""
_UNANCHORED: Final = """
SELECT min(sealed_at) FROM ledger_checkpoints c LEFT JOIN (
    SELECT organization_id, max(size) AS size FROM ledger_anchored
     GROUP BY organization_id) a USING (organization_id)
 WHERE c.size > coalesce(a.size, 0)"""


def is_configured() -> bool:
    """Return whether this process may seal: whether `DATABASE_SEALER_URL` is set."""
    return _ALIAS in settings.DATABASES


def oldest_unsealed(cursor: Any) -> datetime | None:
    """Return when the oldest row that waits to be sealed was written."""
    cursor.execute(_UNSEALED)
    return cast("datetime | None", cursor.fetchone()[0])


def oldest_unanchored(cursor: Any) -> datetime | None:
    """Return when the oldest checkpoint that waits to be anchored was signed."""
    cursor.execute(_UNANCHORED)
    return cast("datetime | None", cursor.fetchone()[0])


@contextmanager
def as_sealer() -> Iterator[Any]:
    """Open one transaction of the role, and yield its cursor."""
    with transaction.atomic(using=_ALIAS), connections[_ALIAS].cursor() as cursor:
        yield cursor
