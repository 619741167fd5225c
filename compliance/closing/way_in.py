"""The way in: what is asked of closings before any scope, or across its border.

Each question goes to a SECURITY DEFINER function of the database that returns ids only,
or whether something is so.
"""

from uuid import UUID

from django.db import connection


def organizations_closing() -> list[UUID]:
    """Return the organizations whose closing is not at its end, the oldest first."""
    return _ids("SELECT organizations_closing()")


def agency_people() -> list[UUID]:
    """Return who administers the agency of the open organization."""
    return _ids("SELECT agency_people()")


def why_no_clinic(user_id: UUID) -> str:
    """Return what a person is told whose clinic's account is closed, or nothing."""
    if not had_clinic_that_closed(user_id):
        return ""
    return (
        "The account of your clinic is closed. Nobody can sign in to it any more, "
        "and what it held is being erased."
    )


def had_clinic_that_closed(user_id: UUID) -> bool:
    """Return whether the person belonged to a clinic whose account is closed."""
    return _is("SELECT had_clinic_that_closed(%s)", user_id)


def empty_person(user_id: UUID) -> bool:
    """Take name, address and factors from a member who was let go; see the function.

    Returns:
        Whether the account is gone: False for who belongs to another clinic, to an
        agency or to us.
    """
    return _is("SELECT empty_person(%s)", user_id)


def _ids(query: str) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]


def _is(query: str, user_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, [user_id])
        row = cursor.fetchone()
    return bool(row and row[0])
