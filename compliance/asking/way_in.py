"""The one transaction in which the database shows the rows of askings.

They belong to no clinic, so no scope shows them; the purpose is set here alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from sondervoice.kernel.tenancy import set_local

_PURPOSE = "app.purpose"


@contextmanager
def asking_desk() -> Iterator[None]:
    """Open a transaction in which every asking can be found."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [_PURPOSE])
            before = str(cursor.fetchone()[0])
        set_local(_PURPOSE, "asking")
        yield
        # Within an outer transaction the setting would outlive this block; what is
        # rolled back takes it along, and takes no more queries.
        if not connection.needs_rollback:
            set_local(_PURPOSE, before)
