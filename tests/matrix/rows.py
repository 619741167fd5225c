"""A fingerprint of all rows that an organization and its people have, by table."""

from collections.abc import Iterable
from uuid import UUID

from django.apps import apps
from django.db import connection

from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.tenancy import TenantModel, set_local

# Of packages; the application can neither read nor write them.
NOT_READ = {"django_admin_log", "guardian_userobjectpermission"}


def fingerprint(
    organization_id: UUID, people: Iterable[UUID] = ()
) -> dict[str, tuple[int, str]]:
    """Return count and hash of the rows of each table, the record included.

    Of the people whatever names them: factors, tokens, sessions, accounts elsewhere.
    """
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, TenantModel)
    )
    found = {}
    with tenancy.scope(organization_id), connection.cursor() as cursor:
        # Within a test all requests share a transaction: whoever asked last is no one.
        set_local("app.user_id", "")
        for table in (*tables, "audit_logs", "accounts_organization", "accounts_user"):
            found[table] = _hash(cursor, table)
    return found | _of_people(list(people))


def _of_people(people: list[UUID]) -> dict[str, tuple[int, str]]:
    found = {}
    with signing_in(), connection.cursor() as cursor:
        for table in sorted(tables_of_people()):
            found[table] = _hash(cursor, table, "WHERE user_id = ANY(%s)", [people])
        found["people"] = _hash(cursor, "accounts_user", "WHERE id = ANY(%s)", [people])
    return found


def tables_of_people() -> set[str]:
    """Return the tables of no organization whose rows belong to a person."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        if not issubclass(model, TenantModel)
        and "user_id" in {field.attname for field in model._meta.concrete_fields}
    } - NOT_READ


def _hash(cursor, table: str, where: str = "", values: Iterable[object] = ()):
    cursor.execute(
        "SELECT count(*), coalesce(md5(string_agg(md5(t::text), '' "  # noqa: S608 -- ours
        f"ORDER BY t::text)), '') FROM {table} t {where}",
        list(values),
    )
    return cursor.fetchone()
