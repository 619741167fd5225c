"""What the diary hands out: a caller's own appointments, and those they booked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from compliance.keys.store import KeyGoneError
from sondervoice.kernel.personal_data import OfCaller
from sondervoice.kernel.subject_data import Name, SubjectItem, Wanted
from sondervoice.kernel.subject_pages import in_pages
from telephony.scheduling.models import Appointment
from telephony.scheduling.sealed import patient_name, patient_phone, seal_patient_field
from telephony.subject_data import MAYBE, TEXT, WHEN, clinic_zone, day_of, when


class Appointments:
    """Appointments under a caller's number, and those booked in their calls.

    Whose an appointment is that they booked for another number is left out: that is
    the other person's.
    """

    name = "appointments"
    title = "Appointments"
    is_of_callers = True
    processors: tuple[str, ...] = ()
    schema: Mapping[str, Mapping[str, Any]] = {
        "call": MAYBE,
        "booked_at": WHEN,
        "starts_at": WHEN,
        "ends_at": WHEN,
        "with": TEXT,
        "for": TEXT,
        "status": TEXT,
        "cancelled_at": WHEN,
        "patient_name": MAYBE,
        "patient_number": MAYBE,
        "kept_until": WHEN,
    }

    def count(self, wanted: Wanted) -> int:
        """Return how many appointments there are."""
        return _appointments(wanted).count()

    def export(self, wanted: Wanted, *, organization_id: UUID) -> Iterator[SubjectItem]:
        """Yield the appointments, opened."""
        zone = clinic_zone(organization_id)
        return in_pages(
            lambda: _appointments(wanted).select_related(
                "slot__practitioner", "slot__kind", "call"
            ),
            lambda one: _shape(one, wanted, zone),
            organization_id=organization_id,
        )


def _appointments(wanted: Wanted) -> QuerySet[Appointment]:
    if not isinstance(wanted, OfCaller):
        return Appointment.objects.all()
    theirs = Q(patient_phone_index=wanted.index) | Q(call__caller_index=wanted.index)
    return Appointment.with_deleted.filter(theirs, booked_at__lt=wanted.before)


def _shape(one: Appointment, wanted: Wanted, zone: ZoneInfo) -> SubjectItem:
    is_theirs = True
    was_their_call = True
    if isinstance(wanted, OfCaller):
        is_theirs = bytes(one.patient_phone_index) == wanted.index
        was_their_call = (
            one.call is not None and bytes(one.call.caller_index) == wanted.index
        )
    return SubjectItem(
        id=one.id,
        title=f"Appointment of {day_of(one.slot.starts_at, zone)}",
        values={
            "call": str(one.call_id) if one.call_id and was_their_call else None,
            "booked_at": when(one.booked_at),
            "starts_at": when(one.slot.starts_at),
            "ends_at": when(one.slot.ends_at),
            "with": one.slot.practitioner.name,
            "for": one.slot.kind.name,
            "status": one.status,
            "cancelled_at": when(one.cancelled_at),
            "patient_name": _open(patient_name, one) if is_theirs else None,
            "patient_number": _open(patient_phone, one) if is_theirs else None,
            "kept_until": when(one.erase_after),
        },
    )


def _open(read: Callable[[Appointment], str], one: Appointment) -> str | None:
    try:
        return read(one) or None
    except KeyGoneError:
        return None


class PatientNames:
    """The names under which appointments stand."""

    name = "scheduling.patient_name"

    def list_names(self, wanted: OfCaller) -> Sequence[Name]:
        """Return the names under the caller's own number, newest first."""
        found = _own(wanted).select_related("slot").order_by("-booked_at", "-id")
        rows = list(found)
        if not rows:
            return []
        zone = clinic_zone(rows[0].organization_id)
        return [
            Name(
                keeper=self.name,
                id=one.id,
                label=f"Appointment of {day_of(one.slot.starts_at, zone)}",
                text=name,
            )
            for one in rows
            if (name := _open(patient_name, one)) is not None
        ]

    def correct(
        self, item_id: UUID, *, wanted: OfCaller, text: str, now: datetime
    ) -> bool:
        """Seal another name in its place."""
        one = _own(wanted).select_for_update(no_key=True).filter(pk=item_id).first()
        if one is None:
            return False
        one.patient_name_sealed = seal_patient_field(
            text,
            column="patient_name_sealed",
            organization_id=one.organization_id,
            row_id=one.id,
            now=now,
        )
        one.name_is_confirmed = True
        one.save(update_fields=["patient_name_sealed", "name_is_confirmed"])
        return True


def _own(wanted: OfCaller) -> QuerySet[Appointment]:
    return Appointment.with_deleted.filter(
        patient_phone_index=wanted.index,
        booked_at__lt=wanted.before,
        erased_at=None,
    )
