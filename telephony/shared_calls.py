"""A call as its holders share it: what is due of it goes, and is looked for, at once.

A row of a call has a dozen indexes, each of which an update writes to. So it is written
once for all of its four kinds whose day has come.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import Count, Q

from compliance.keys.keys import keys
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import DATA_CLASSES, Hold, Selection
from telephony.models import Call

if TYPE_CHECKING:
    from telephony.call_clocks import CallClock

_SPENT: Final = Q(**{f"{kind}_erased_at__isnull": False for kind in DATA_CLASSES})


class SharedCalls:
    """Erases kinds of calls together; see the Protocol `SharedRows`."""

    def due(
        self,
        holders: Sequence["CallClock"],
        selection: Selection,
        *,
        holds: Sequence[Hold],
        limit: int,
    ) -> Mapping[tuple["CallClock", ...], Sequence[UUID]]:
        """Return ended calls, locked, by the kinds that are due."""
        first, *others = holders
        too = {f"{one.data_class}_too": one.is_due(selection) for one in others}
        for wanted in first.wanted(selection):
            ended = first.due_calls(wanted, holds).filter(ended_at__isnull=False)
            # By the index alone: many calls have the same midnight.
            ordered = ended.annotate(**too).order_by(first.date)
            few = ordered.select_for_update(skip_locked=True, of=("self",), no_key=True)
            found = defaultdict(list)
            for row_id, *flags in few.values_list("id", *too)[:limit]:
                also = (one for one, flag in zip(others, flags, strict=True) if flag)
                found[first, *also].append(row_id)
            if found:
                return found
        return {}

    def erase(
        self, holders: Sequence["CallClock"], ids: Sequence[UUID], *, now: datetime
    ) -> Mapping[str, int]:
        """Erase these kinds of these calls, and note when."""
        calls = Call.with_deleted.filter(id__any=ids)
        having = {one.data_class: Count("pk", filter=one.has_any()) for one in holders}
        counts = calls.aggregate(**{f"{kind}_had": had for kind, had in having.items()})
        changes: dict[str, Any] = {}
        for one in holders:
            one.erase_rows(ids)
            changes |= {f"{one.data_class}_erased_at": now, **one.emptied}
        calls.update(**changes)
        return {one.name: counts[f"{one.data_class}_had"] for one in holders}

    def destroy(
        self,
        holders: Sequence["CallClock"],
        ids: Sequence[UUID],
        *,
        organization_id: UUID,
    ) -> None:
        """Delete the files, then the keys of calls that have nothing left to open."""
        for one in holders:
            one.destroy_files(ids, organization_id=organization_id)
        with tenancy.scope(organization_id):
            spent = Call.with_deleted.filter(_SPENT, id__any=ids)
            call_ids = list(spent.values_list("id", flat=True))
        keys().destroy_call_keys(organization_id, call_ids)

    def remains(
        self,
        holders: Sequence["CallClock"],
        ids: Sequence[UUID],
        *,
        organization_id: UUID,
    ) -> Collection[UUID]:
        """Return calls that still have any of it, or a key and nothing to open."""
        with tenancy.scope(organization_id):
            kept = reduce(or_, (one.is_kept() | one.has_any() for one in holders))
            calls = Call.with_deleted.filter(id__any=ids)
            rows = list(calls.annotate(k=kept, s=_SPENT).values_list("id", "k", "s"))
        left = {row_id for row_id, is_kept, _ in rows if is_kept}
        spent = [row_id for row_id, _, is_spent in rows if is_spent]
        left |= keys().call_keys_left(organization_id, spent)
        for one in holders:
            left.update(one.files_left(ids, organization_id=organization_id))
        return left


SHARED_CALLS: Final = SharedCalls()
