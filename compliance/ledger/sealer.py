"""The one door to the role `sv_sealer`: reads the record of all, adds what seals it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, cast

from django.conf import settings
from django.db import connections, transaction

_ALIAS: Final = "sealer"


def is_configured() -> bool:
    """Return whether this process may seal: whether `DATABASE_SEALER_URL` is set."""
    return _ALIAS in settings.DATABASES


def oldest_unsealed(cursor: Any) -> datetime | None:
    """Return when the oldest row that waits to be sealed was written."""
    cursor.execute("SELECT min(at) FROM audit_logs, ledger_state WHERE xid >= horizon")
    return cast("datetime | None", cursor.fetchone()[0])


@contextmanager
def as_sealer() -> Iterator[Any]:
    """Open one transaction of the role, and yield its cursor."""
    with transaction.atomic(using=_ALIAS), connections[_ALIAS].cursor() as cursor:
        yield cursor
