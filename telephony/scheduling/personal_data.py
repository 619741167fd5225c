"""What the diary keeps about patients, and how it goes away."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from compliance.keys.keys import keys
from compliance.retention.rules import ended_before
from sondervoice.kernel import tenancy
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
from sondervoice.kernel.purposes import Basis, Purpose, Shown, Subject, Use
from sondervoice.kernel.soft_delete import has_left_bin
from telephony.call_clocks import date_if_kept, is_held
from telephony.scheduling.models import Appointment

_PAGES: Final = frozenset(
    {
        "recordings.transcript.read",
        "scheduling.appointments.read",
        "scheduling.day.viewed",
        "telephony.today.viewed",
    }
)


class Patients:
    """Whose an appointment is: name, number, and what the number is found by.

    The days count from the visit or the booking, whichever is later.
    """

    name = "scheduling.patients"
    data_class = DataClass.FIELDS
    columns = frozenset(
        {
            "scheduling.Appointment.patient_name_sealed",
            "scheduling.Appointment.patient_phone_sealed",
            "scheduling.Appointment.patient_phone_index",
        }
    )
    use = Use(
        title="Names and numbers of bookings",
        of=Subject.CALLERS,
        purpose=Purpose.DIARY,
        basis=Basis.SERVICE,
        shown=tuple(
            Shown(column=column, words=words, seen_by=_PAGES)
            for column, words in (
                ("scheduling.Appointment.patient_name_sealed", "Names of bookings"),
                ("scheduling.Appointment.patient_phone_sealed", "Numbers of bookings"),
            )
        ),
    )

    def due(
        self, selection: Selection, *, holds: Sequence[Hold], limit: int
    ) -> Sequence[UUID]:
        """Return appointments that are to lose it, locked; see the Protocol."""
        for wanted in _wanted(selection):
            ordered = _due(wanted, holds).order_by("erase_after", "id")
            few = ordered.select_for_update(skip_locked=True, of=("self",), no_key=True)
            if found := list(few.values_list("id", flat=True)[:limit]):
                return found
        return []

    def has_due(self, selection: Selection, *, holds: Sequence[Hold]) -> bool:
        """Return whether any appointment is to lose it, whoever holds its row."""
        return any(_due(wanted, holds).exists() for wanted in _wanted(selection))

    def count_due(self, selection: Selection, *, limit: int) -> int:
        """Return how many appointments are to lose it, held or not."""
        found: set[UUID] = set()
        for wanted in _wanted(selection):
            found.update(_due(wanted, ()).values_list("id", flat=True)[:limit])
        return min(len(found), limit)

    def erase(self, ids: Sequence[UUID], *, now: datetime) -> int:
        """Empty the columns; the place in the diary stays taken by nobody known."""
        count: int = (
            _kept()
            .filter(id__any=ids)
            .update(
                patient_name_sealed=b"",
                patient_phone_sealed=b"",
                patient_phone_index=b"",
                erased_at=now,
            )
        )
        return count

    def destroy(self, ids: Sequence[UUID], *, organization_id: UUID) -> None:
        """Destroy the appointments' own keys."""
        for row_id in ids:
            keys().destroy_row_key(organization_id=organization_id, row_id=row_id)

    def count_keys_gone(self, *, erased_at: Collection[datetime]) -> int:
        """Return how many appointments were erased at these instants."""
        return Appointment.with_deleted.filter(erased_at__in=erased_at).count()

    def remains(
        self, ids: Sequence[UUID], *, organization_id: UUID
    ) -> Collection[UUID]:
        """Return appointments with any of it, or with a key."""
        empty = {"patient_name_sealed": b"", "patient_phone_sealed": b""}
        with tenancy.scope(organization_id):
            rows = Appointment.with_deleted.filter(id__any=ids)
            left = rows.exclude(**empty, patient_phone_index=b"")
            found = set(left.values_list("id", flat=True))
        has_key = keys().has_row_key
        return found | {
            one for one in ids if has_key(organization_id=organization_id, row_id=one)
        }

    def shorten(self, *, days: int, limit: int) -> int:
        """Bring dates forward that are later than so many days allow."""
        late = _kept().filter(erase_after__gt=date_if_kept("counts_from", days=days))
        few = list(late.values_list("id", flat=True)[:limit])
        late.filter(id__any=few).update(
            erase_after=date_if_kept("counts_from", days=days)
        )
        return len(few)

    def count_going(self, *, days: int, before: datetime, holds: Sequence[Hold]) -> int:
        """Return how many appointments would lose it at `before` with so many days."""
        cutoff = ended_before(before=before, keep_days=days)
        up = Q(erase_after__lte=before) | Q(counts_from__lt=cutoff)
        return _kept().filter(up).exclude(held_appointments(holds)).count()


def _kept() -> QuerySet[Appointment]:
    return Appointment.with_deleted.filter(erased_at=None)


def _due(wanted: Q, holds: Sequence[Hold]) -> QuerySet[Appointment]:
    return _kept().filter(wanted).exclude(held_appointments(holds))


def _wanted(selection: Selection) -> list[Q]:
    """Return what matches them: a caller's own number, or the call it was booked in.

    Each is asked by an index of its own.
    """
    match selection:
        case TimeUp(before):
            return [Q(erase_after__lte=before), has_left_bin(before)]
        case LeftBin(row_id, before):
            return [Q(id=row_id) & has_left_bin(before)]
        case OfCaller(index, before):
            theirs = Q(patient_phone_index=index) | Q(call__caller_index=index)
            return [theirs & Q(booked_at__lt=before)]
        case OfCall(call_id):
            return [Q(call_id=call_id)]
        case Everything():
            return [Q()]


def held_appointments(holds: Sequence[Hold]) -> Q:
    """Return what matches held appointments: by their call, or by their own number.

    One of no call is held with the days it was booked on.
    """
    held = is_held(holds, call="call__")
    for hold in holds:
        if hold.caller_index is not None:
            held |= Q(patient_phone_index=hold.caller_index)
        if hold.since is not None and hold.until is not None:
            held |= Q(booked_at__gte=hold.since, booked_at__lt=hold.until)
    return held


_WORD: Final = "a word of our own list"
_STAFF: Final = "said to every caller who may book"
WITHOUT_HOLDER: Final = {
    "scheduling.Practitioner.name": _STAFF,
    "scheduling.AppointmentType.name": _STAFF,
    "scheduling.Appointment.status": _WORD,
}
