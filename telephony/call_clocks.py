"""What the holders of a call's data have in common: one of its four clocks.

A holder says which clock it goes by and erases; the questions are asked here.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDay

from compliance.keys.keys import keys
from compliance.keys.store import KeyGoneError
from compliance.retention.rules import ended_before
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import (
    DATA_CLASSES,
    DataClass,
    Everything,
    Hold,
    OfCall,
    OfCaller,
    Selection,
    TimeUp,
)
from sondervoice.kernel.soft_delete import has_left_bin
from telephony.models import Call


def is_held(holds: Sequence[Hold], *, call: str = "") -> Q:
    """Return what matches the calls that are held; nothing without holds.

    Args:
        call: How the rows that are asked lead to their call: ``call__``.
    """
    held = Q(pk__in=[])
    for hold in holds:
        wanted: dict[str, Any] = {
            f"{call}id": hold.call_id,
            f"{call}caller_index": hold.caller_index,
            f"{call}started_at__gte": hold.since,
            f"{call}started_at__lt": hold.until,
        }
        given = {name: value for name, value in wanted.items() if value is not None}
        held |= Q(**given) if given else Q(pk__isnull=False)
    return held


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

    def due(
        self, selection: Selection, *, holds: Sequence[Hold], limit: int
    ) -> Sequence[UUID]:
        """Return ended calls that are to lose it, locked; see the Protocol."""
        for wanted in self._wanted(selection):
            ended = self._due(wanted, holds).filter(ended_at__isnull=False)
            ordered = ended.order_by(self._date, "id")
            few = ordered.select_for_update(skip_locked=True, of=("self",), no_key=True)
            if found := list(few.values_list("id", flat=True)[:limit]):
                return found
        return []

    def has_due(self, selection: Selection, *, holds: Sequence[Hold]) -> bool:
        """Return whether any call is to lose it, whoever holds its row."""
        return any(
            self._due(wanted, holds).exists() for wanted in self._wanted(selection)
        )

    def erase(self, ids: Sequence[UUID], *, now: datetime) -> int:
        """Erase what these calls have of it, and note when."""
        count = self.erase_rows(ids)
        note = {f"{self.data_class}_erased_at": now}
        Call.with_deleted.filter(id__any=ids).update(**note, **self.emptied)
        return count

    # Columns of the call itself that are to be emptied, and with what. A row of a call
    # has ten indexes: it is written once.
    emptied: Mapping[str, Any] = MappingProxyType({})

    def erase_rows(self, ids: Sequence[UUID]) -> int:
        """Erase the rows of other tables; return how many calls had any of it."""
        raise NotImplementedError

    def destroy(self, ids: Sequence[UUID], *, organization_id: UUID) -> None:
        """Destroy the keys of the calls that have nothing left to open."""
        for call_id in _spent(ids, organization_id):
            keys().destroy_call_key(organization_id=organization_id, call_id=call_id)

    def remains(
        self, ids: Sequence[UUID], *, organization_id: UUID
    ) -> Collection[UUID]:
        """Return calls that still have any of it, or a key and nothing to open."""
        with tenancy.scope(organization_id):
            left = set(self.still_there(ids))
            unmarked = self._kept().filter(id__any=ids)
            left |= set(unmarked.values_list("id", flat=True))
        spent = _spent(ids, organization_id)
        return left | {one for one in spent if _has_key(organization_id, one)}

    def still_there(self, ids: Sequence[UUID]) -> Collection[UUID]:
        """Return the calls of which rows or columns are left, in the open scope."""
        raise NotImplementedError

    def shorten(self, *, days: int, limit: int) -> int:
        """Bring dates forward that are later than so many days allow."""
        nearer = date_if_kept("ended_at", days=days)
        late = self._kept().filter(**{f"{self._date}__gt": nearer})
        few = list(late.values_list("id", flat=True)[:limit])
        again = {"id__any": few, f"{self._date}__gt": nearer}
        Call.with_deleted.filter(**again).update(**{self._date: nearer})
        return len(few)

    def count_going(self, *, days: int, before: datetime, holds: Sequence[Hold]) -> int:
        """Return how many calls would lose it at `before` with so many days."""
        cutoff = ended_before(before=before, keep_days=days)
        up = Q(**{f"{self._date}__lte": before}) | Q(ended_at__lt=cutoff)
        free = self._kept().filter(up, ended_at__isnull=False).exclude(is_held(holds))
        return self.having(free).count()

    def having(self, calls: QuerySet[Call]) -> QuerySet[Call]:
        """Return those of the calls that have any of it."""
        raise NotImplementedError

    @property
    def _date(self) -> str:
        return f"{self.data_class}_erase_after"

    def _due(self, wanted: Q, holds: Sequence[Hold]) -> QuerySet[Call]:
        return self._kept().filter(wanted).exclude(is_held(holds))

    def _wanted(self, selection: Selection) -> list[Q]:
        """Return what matches them, each to be asked by an index of its own."""
        match selection:
            case TimeUp(before):
                return [Q(**{f"{self._date}__lte": before}), has_left_bin(before)]
            case OfCaller(index, before):
                return [Q(caller_index=index, started_at__lt=before)]
            case OfCall(call_id):
                return [Q(id=call_id)]
            case Everything():
                return [Q()]

    def _kept(self) -> QuerySet[Call]:
        return Call.with_deleted.filter(**{f"{self.data_class}_erased_at": None})


def _spent(ids: Sequence[UUID], organization_id: UUID) -> list[UUID]:
    """Return the calls of which every kind has gone."""
    gone = {f"{kind}_erased_at__isnull": False for kind in DATA_CLASSES}
    with tenancy.scope(organization_id):
        calls = Call.with_deleted.filter(id__any=ids, **gone)
        return list(calls.values_list("id", flat=True))


def _has_key(organization_id: UUID, call_id: UUID) -> bool:
    try:
        keys().call_key(organization_id=organization_id, call_id=call_id)
    except KeyGoneError:
        return False
    return True
