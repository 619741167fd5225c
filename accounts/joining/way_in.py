"""The way in: in which clinics a person has left something, asked before any scope."""

from uuid import UUID

from django.db import connection


def organizations_with_traces(user_id: UUID) -> list[UUID]:
    """Return the organizations that hold something of the person.

    They belong or once belonged to them, its directory knows them, or their address was
    invited. An agency's clinics are among them only if one of these is so.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT organizations_with_traces(%s)", [user_id])
        return [row[0] for row in cursor.fetchall()]
