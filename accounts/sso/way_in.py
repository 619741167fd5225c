"""Which clinic a domain or a connection leads to, asked before any scope exists."""

from uuid import UUID

from django.db import connection


def find_connection_for_domain(domain: str) -> UUID | None:
    """Return the connection of the clinic that has proved the domain, if it is on."""
    return _id("SELECT sso_connection_for_domain(%s)", domain)


def find_organization_for_connection(connection_id: UUID) -> UUID | None:
    """Return whose connection it is."""
    return _id("SELECT organization_for_sso_connection(%s)", connection_id)


def _id(query: str, value: str | UUID) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(query, [value])
        found: UUID | None = cursor.fetchone()[0]
        return found
