"""The way in: what is asked before any scope exists.

Each question goes to a SECURITY DEFINER function of the database that returns ids only.
Purpose `sign_in` shows the one table of people to the sign-in pages; it is set here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from accounts.models import User
from sondervoice.kernel.tenancy import set_local


def organization_ids() -> list[UUID]:
    """Return all organizations, for the scheduler."""
    return _ids("SELECT organization_ids()", [])


def organizations_for_user(user_id: UUID) -> list[UUID]:
    """Return the organizations of the person, and of the agencies they administer."""
    return _ids("SELECT organizations_for_user(%s)", [user_id])


def is_agency_administrator(*, user_id: UUID, organization_id: UUID) -> bool:
    """Return whether the person administers the agency that holds the clinic."""
    found = _ids("SELECT agency_for_user(%s, %s)", [user_id, organization_id])
    return bool(found)


def end_sessions_of(user_id: UUID) -> None:
    """End every session and token of a member of the open organization."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT end_sessions_of(%s)", [user_id])


def organization_for_api_key(prefix: str) -> UUID | None:
    """Return the organization whose key has this prefix."""
    found = _ids("SELECT organization_for_api_key(%s)", [prefix])
    return found[0] if found else None


@contextmanager
def signing_in() -> Iterator[None]:
    """Open a transaction in which every person's row can be found.

    Within another one (a password is checked on a sign-in page) the outer goes on.
    """
    with transaction.atomic():
        before = _purpose()
        set_local("app.purpose", "sign_in")
        yield
        # What is rolled back takes the setting with it, and takes no more queries.
        if not connection.needs_rollback:
            set_local("app.purpose", before)


def _purpose() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.purpose', true), '')")
        return str(cursor.fetchone()[0])


def leave_database() -> None:
    """Give the connection back before a password is hashed, which may wait for others.

    Within a transaction it stays.
    """
    if not connection.in_atomic_block:
        connection.close()


def find_user(user_id: UUID) -> User | None:
    """Return the person whose session this is, or None."""
    with transaction.atomic():
        set_local("app.user_id", str(user_id))
        return User.objects.filter(pk=user_id, is_active=True).first()


def _ids(query: str, values: list[str | UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall() if row[0] is not None]
