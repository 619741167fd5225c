"""Whose rows raw SQL without WHERE shows to the connection that asks."""

from uuid import UUID

from django.apps import apps
from django.db import connection
from psycopg import sql

from sondervoice.kernel.tenancy import TenantModel

TABLES = sorted(
    model._meta.db_table
    for model in apps.get_models()
    if issubclass(model, TenantModel) and model._meta.managed
)


def owners_by_table() -> dict[str, set[str]]:
    """Return of each table of clinics that shows rows the clinics they belong to."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            query = sql.SQL("SELECT organization_id::text FROM {}")
            cursor.execute(query.format(sql.Identifier(table)))
            owners = {owner for (owner,) in cursor.fetchall()}
            if owners:
                found[table] = owners
    return found


def owners_of(table: str) -> list[UUID]:
    """Return whose the rows of one table are."""
    with connection.cursor() as cursor:
        query = sql.SQL("SELECT organization_id FROM {}")
        cursor.execute(query.format(sql.Identifier(table)))
        return [owner for (owner,) in cursor.fetchall()]
