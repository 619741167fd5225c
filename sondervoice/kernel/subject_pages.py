"""Rows handed out as items, page by page."""

from collections.abc import Callable, Iterator
from typing import Final, TypeVar
from uuid import UUID

from django.db import models

from sondervoice.kernel import tenancy
from sondervoice.kernel.subject_data import SubjectItem

ROWS_AT_ONCE: Final = 200
Model = TypeVar("Model", bound=models.Model)


def in_pages(
    rows: Callable[[], models.QuerySet[Model]],
    shape: Callable[[Model], SubjectItem],
    *,
    organization_id: UUID,
) -> Iterator[SubjectItem]:
    """Yield rows as items, few of them in memory, none of them in an open scope.

    Whoever sends the items may go on in another thread after each.
    """
    last: UUID | None = None
    while True:
        with tenancy.scope(organization_id):
            more = rows().order_by("pk")
            if last is not None:
                more = more.filter(pk__gt=last)
            page = [shape(row) for row in more[:ROWS_AT_ONCE]]
        yield from page
        if len(page) < ROWS_AT_ONCE:
            return
        last = page[-1].id
