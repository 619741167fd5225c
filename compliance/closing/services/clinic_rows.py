"""Delete a clinic's own rows, by what each app says of its models.

It runs in any process, between any two kills, and twice: a batch is one transaction,
and what refers to other rows goes before them.
"""

from functools import cache
from typing import Final
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.clinic_rows import Leaves, leaving
from sondervoice.kernel.models import OutboxJob

ROWS_A_BATCH: Final = 1_000

Table = type[models.Model]


def delete_rows(organization_id: UUID, when: Leaves) -> int:
    """Delete all rows that leave then; return how many were there."""
    total = 0
    for model in in_order(when):
        while count := _delete_some(organization_id, model):
            total += count
    return total


def count_rows(organization_id: UUID, *whens: Leaves) -> int:
    """Return how many rows that leave then are there."""
    return sum(
        _count(organization_id, model) for when in whens for model in in_order(when)
    )


def forget_jobs(organization_id: UUID) -> None:
    """Let go of waiting jobs about rows that are gone; ours go on."""
    with tenancy.scope(organization_id):
        OutboxJob.objects.filter(
            organization_id=organization_id, done_at=None, failed_at=None
        ).exclude(task__startswith="compliance.").delete()


@cache
def in_order(when: Leaves) -> tuple[Table, ...]:
    """Return the models whose rows leave then, each before those it refers to."""
    left = {apps.get_model(name) for name, at in leaving().items() if at == when}
    ordered: list[Table] = []
    while left:
        free = {one for one in left if not any(one in _referred(by) for by in left)}
        if not free:
            raise ValueError("models refer to each other in a circle")
        ordered += sorted(free, key=lambda one: one._meta.label)
        left -= free
    return tuple(ordered)


def _referred(model: Table) -> set[Table]:
    """Return the models that its rows refer to, but for itself."""
    related = {field.related_model for field in model._meta.concrete_fields}
    return {one for one in related if isinstance(one, type)} - {model}


def _delete_some(organization_id: UUID, model: Table) -> int:
    table = _quoted(model)
    # Tokens are their people's, and seen at the sign-in pages.
    with (
        tenancy.scope(organization_id),
        signing_in(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} "  # noqa: S608 -- ours
            "WHERE organization_id = %s LIMIT %s)",
            [organization_id, ROWS_A_BATCH],
        )
        return int(cursor.rowcount)


def _count(organization_id: UUID, model: Table) -> int:
    with (
        tenancy.scope(organization_id),
        signing_in(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"SELECT count(*) FROM {_quoted(model)} WHERE organization_id = %s",  # noqa: S608 -- ours
            [organization_id],
        )
        return int(cursor.fetchone()[0])


def _quoted(model: Table) -> str:
    return connection.ops.quote_name(model._meta.db_table)
