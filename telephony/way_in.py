"""The way in for the carrier: which organization an event or a stream concerns.

Each question goes to a SECURITY DEFINER function of the database that returns ids only.
"""

from uuid import UUID

from django.db import connection


def organization_for_event(carrier_call_id: str, called_e164: str) -> UUID | None:
    """Return the organization of a call we know, else that of the number called."""
    return _id("SELECT organization_for_event(%s, %s)", carrier_call_id, called_e164)


def organization_for_stream_token(token_sha256: bytes) -> UUID | None:
    """Return the organization that a stream token was made for."""
    return _id("SELECT organization_for_stream_token(%s)", token_sha256)


def organizations_with_open_calls() -> list[UUID]:
    """Return the organizations that have a call ringing or live."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT organizations_with_open_calls()")
        return [row[0] for row in cursor.fetchall()]


def _id(query: str, *values: str | bytes) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        row = cursor.fetchone()
    return row[0] if row else None
