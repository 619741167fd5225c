"""What the holders of a call's data have in common: one of its four clocks.

A holder says which clock it goes by and erases; the questions are asked here.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDay

from compliance.retention.rules import ended_before
from sondervoice.kernel.personal_data import (
    DataClass,
    Everything,
    Hold,
    LeftBin,
    OfCall,
    OfCaller,
    Selection,
    TimeUp,
)
from sondervoice.kernel.purposes import Use
from sondervoice.kernel.soft_delete import has_left_bin
from telephony.messages.models import Message
from telephony.models import Call
from telephony.shared_calls import SHARED_CALLS


def is_held(holds: Sequence[Hold], *, call: str = "") -> Q:
    """Return what matches the calls that are held; nothing without holds.

    A hold on a number covers calls from it, and those in which somebody left it.

    Args:
        call: How the rows that are asked lead to their call: ``call__``.
    """
    held = Q(pk__in=[])
    for hold in holds:
        wanted: dict[str, Any] = {
            f"{call}id": hold.call_id,
            f"{call}started_at__gte": hold.since,
            f"{call}started_at__lt": hold.until,
        }
        given = {name: value for name, value in wanted.items() if value is not None}
        one = Q(**given) if given else Q(pk__isnull=False)
        held |= one & _is_of(hold.caller_index, call)
    return held


def _is_of(index: bytes | None, call: str) -> Q:
    """Return what matches calls from a number, and those it was left in."""
    if index is None:
        return Q()
    left = Message.with_deleted.filter(phone_index=index).values("call_id")
    return Q(**{f"{call}caller_index": index}) | Q(**{f"{call}id__in": left})


def date_if_kept(counts_from: str, *, days: int) -> Combinable:
    """Return `erase_after` of the retention rules as the database reckons it."""
    midnight = TruncDay(F(counts_from), tzinfo=UTC)
    return ExpressionWrapper(
        midnight + timedelta(days=days + 1), output_field=DateTimeField()
    )


class CallClock:
    """A holder of something that a call left, by one of the call's clocks."""

    name: str
    data_class: DataClass
    columns: frozenset[str]
    use: Use
    rows = SHARED_CALLS

    # Columns of the call itself that are to be emptied, and with what.
    emptied: Mapping[str, Any] = MappingProxyType({})

    def due(
        self, selection: Selection, *, holds: Sequence[Hold], limit: int
    ) -> Sequence[UUID]:
        """Return ended calls that are to lose it, locked; see the Protocol."""
        found = self.rows.due([self], selection, holds=holds, limit=limit)
        return found.get((self,), [])

    def has_due(self, selection: Selection, *, holds: Sequence[Hold]) -> bool:
        """Return whether any call is to lose it, whoever holds its row."""
        return any(
            self.due_calls(wanted, holds).exists() for wanted in self.wanted(selection)
        )

    def count_due(self, selection: Selection, *, limit: int) -> int:
        """Return how many calls that have any of it are to lose it, held or not."""
        found: set[UUID] = set()
        for wanted in self.wanted(selection):
            some = self.due_calls(wanted, ()).filter(self.has_any())
            found.update(some.values_list("id", flat=True)[:limit])
        return min(len(found), limit)

    def erase(self, ids: Sequence[UUID], *, now: datetime) -> int:
        """Erase what these calls have of it, and note when."""
        return self.rows.erase([self], ids, now=now)[self.name]

    def destroy(self, ids: Sequence[UUID], *, organization_id: UUID) -> None:
        """Delete the files, then the keys of calls that have nothing left to open."""
        self.rows.destroy([self], ids, organization_id=organization_id)

    def remains(
        self, ids: Sequence[UUID], *, organization_id: UUID
    ) -> Collection[UUID]:
        """Return calls that still have any of it, or a key and nothing to open."""
        return self.rows.remains([self], ids, organization_id=organization_id)

    def has_any(self) -> Q:
        """Return what matches the calls that have any of it, marked or not."""
        raise NotImplementedError

    def erase_rows(self, ids: Sequence[UUID]) -> None:
        """Erase the rows of other tables, in the open scope."""

    def destroy_files(self, ids: Sequence[UUID], *, organization_id: UUID) -> None:
        """Delete what is not in the database; outside any scope."""

    def files_left(
        self, ids: Sequence[UUID], *, organization_id: UUID
    ) -> Collection[UUID]:
        """Return the calls that have a file; outside any scope."""
        return ()

    def shorten(self, *, days: int, limit: int) -> int:
        """Bring dates forward that are later than so many days allow."""
        nearer = date_if_kept("ended_at", days=days)
        late = self._kept().filter(**{f"{self.date}__gt": nearer})
        few = list(late.values_list("id", flat=True)[:limit])
        again = {"id__any": few, f"{self.date}__gt": nearer}
        Call.with_deleted.filter(**again).update(**{self.date: nearer})
        return len(few)

    def count_going(self, *, days: int, before: datetime, holds: Sequence[Hold]) -> int:
        """Return how many calls would lose it at `before` with so many days."""
        cutoff = ended_before(before=before, keep_days=days)
        up = Q(**{f"{self.date}__lte": before}) | Q(ended_at__lt=cutoff)
        free = self._kept().filter(up, ended_at__isnull=False).exclude(is_held(holds))
        return free.filter(self.has_any()).count()

    @property
    def date(self) -> str:
        """Return the column that says from when it must be gone."""
        return f"{self.data_class}_erase_after"

    def is_kept(self) -> Q:
        """Return what matches the calls that are not marked as without it."""
        return Q(**{f"{self.data_class}_erased_at": None})

    def wanted(self, selection: Selection) -> list[Q]:
        """Return what matches them, each to be asked by an index of its own."""
        match selection:
            case TimeUp(before):
                return [Q(**{f"{self.date}__lte": before}), has_left_bin(before)]
            case LeftBin(row_id, before):
                return [Q(id=row_id) & has_left_bin(before)]
            case OfCaller(index, before):
                return [Q(caller_index=index, started_at__lt=before)]
            case OfCall(call_id):
                return [Q(id=call_id)]
            case Everything():
                return [Q()]

    def is_due(self, selection: Selection) -> Q:
        """Return what matches the calls that are to lose it, held or not."""
        return self.is_kept() & reduce(or_, self.wanted(selection))

    def due_calls(self, wanted: Q, holds: Sequence[Hold]) -> QuerySet[Call]:
        """Return calls that are to lose it and that no hold covers."""
        return self._kept().filter(wanted).exclude(is_held(holds))

    def _kept(self) -> QuerySet[Call]:
        return Call.with_deleted.filter(self.is_kept())
