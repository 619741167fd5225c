"""The operators' desk: one transaction in which the database knows who works there.

The purpose `operator` is set here alone. It opens nothing by itself: the database looks
for a live grant of the person each time (`at_operators_desk`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.tenancy import set_local


@contextmanager
def at_desk(user_id: UUID) -> Iterator[None]:
    """Open a transaction for what an operator does outside a clinic's scope."""
    with transaction.atomic():
        set_local("app.user_id", str(user_id))
        set_local("app.purpose", "operator")
        yield
        # Within an outer transaction the setting would outlive this block.
        if not connection.needs_rollback:
            set_local("app.purpose", "")


def make_staff(user_id: UUID) -> bool:
    """Make the person staff; only from the desk."""
    return _tell("SELECT make_staff(%s)", [user_id])


def set_person_active(user_id: UUID, *, is_active: bool) -> bool:
    """Let the person sign in, or end all they have open; only from the desk."""
    return _tell("SELECT set_person_active(%s, %s)", [user_id, is_active])


def retire_operator(user_id: UUID) -> bool:
    """Take staff, agencies, sessions and tokens from the person; only from the desk."""
    return _tell("SELECT retire_operator(%s)", [user_id])


def settle_agency_act(act_id: UUID) -> bool:
    """Let the act's person administer its agency, or no longer; only from the desk.

    The database looks for the second operator itself. A person who is not there, whose
    account is closed or whose address nobody has confirmed is not let in.
    """
    return _tell("SELECT settle_agency_act(%s, %s)", [act_id, uuid7()])


def person_with_address(address: str) -> UUID | None:
    """Return whose address this is; only from the desk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_with_address(%s)", [address.strip()])
        found: UUID | None = cursor.fetchone()[0]
        return found


def _tell(query: str, values: list[UUID | bool]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return bool(cursor.fetchone()[0])
