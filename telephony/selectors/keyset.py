"""Pages by place, not by number: page 900 costs what page 1 costs."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from telephony.models import Call

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class CallPage:
    """One page of calls, newest first, and whether there are more on either side."""

    calls: list[Call]
    has_newer: bool
    has_older: bool


def page_of(
    calls: QuerySet[Call],
    *,
    older_than: UUID | None = None,
    newer_than: UUID | None = None,
    within: Q | None = None,
    size: int = PAGE_SIZE,
) -> CallPage:
    """Return the page beside a call, or the first when neither side is named.

    Args:
        calls: Ordered by ``-started_at, -id``.
        older_than: The last call of the page before; an unknown one is ignored.
        newer_than: The first call of the page after; likewise.
        within: The reader's limits; a call beyond them is as unknown as any other.
        size: Calls on a page.
    """
    if newer_than is not None and (edge := _edge(newer_than, within)) is not None:
        at, number = edge
        side = Q(started_at__gt=at) | Q(started_at=at, id__gt=number)
        found = list(
            calls.filter(side, started_at__gte=at).order_by("started_at", "id")[
                : size + 1
            ]
        )
        return CallPage(found[:size][::-1], has_newer=len(found) > size, has_older=True)
    edge = _edge(older_than, within) if older_than is not None else None
    if edge is not None:
        at, number = edge
        side = Q(started_at__lt=at) | Q(started_at=at, id__lt=number)
        # The second condition says nothing new but lets the index find the place.
        calls = calls.filter(side, started_at__lte=at)
    found = list(calls[: size + 1])
    return CallPage(
        found[:size], has_newer=edge is not None, has_older=len(found) > size
    )


def _edge(call_id: UUID, within: Q | None) -> tuple[object, UUID] | None:
    found = Call.objects.filter(within or Q(), pk=call_id)
    return found.values_list("started_at", "id").first()
