"""The diary over REST."""

from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rest_framework.request import Request

from accounts.actors import Actor
from accounts.models import Organization
from accounts.permissions import Permission
from accounts.rest import ClinicView, Pages
from accounts.shapes import page_of
from compliance.keys.store import KeyGoneError
from sondervoice.kernel import audit
from telephony.scheduling.models import Appointment
from telephony.scheduling.sealed import patient_name, patient_phone
from telephony.scheduling.selectors.appointment_rows import is_restricted
from telephony.scheduling.selectors.appointments import list_appointments
from telephony.scheduling.shapes import APPOINTMENT
from telephony.selectors.shown_numbers import shown_e164
from telephony.selectors.sight import Sight, standing_sight


class AppointmentListView(ClinicView):
    """``GET /api/v1/appointments/?status=&ordering=&limit=&cursor=``.

    Each leaves a row in the record: patients are named here.
    """

    permission = Permission.APPOINTMENTS_VIEW
    summary = "Appointments, earliest first; patients are named, so each look is noted"
    answers = page_of(APPOINTMENT)
    choices = MappingProxyType({"status": Appointment.Status.values})
    orderings = (
        ("slot__starts_at", "id"),
        ("-slot__starts_at", "-id"),
        ("-booked_at", "-id"),
    )

    def answer(self, request: Request, actor: Actor, **ids: UUID) -> Any:
        """Return a page of appointments, earliest first unless asked otherwise."""
        found = list_appointments(actor=actor).filter(**self.wanted(request))
        clinic = Organization.objects.get(pk=actor.organization_id)
        zone = ZoneInfo(clinic.timezone)
        sight = standing_sight(actor)
        page = Pages(*self.orderings).answer(
            request, found, lambda row: appointment_json(row, actor, sight, zone)
        )
        audit.record(
            audit.Entry(
                action="scheduling.appointments.read",
                organization_id=actor.organization_id,
                actor_kind=actor.kind,
                actor_id=actor.id,
                subject_kind="appointment",
                subject_id=None,
                fields=("patient_name", "patient_phone"),
                facts={"count": len(page["results"])},
            )
        )
        return page


def appointment_json(
    appointment: Appointment, actor: Actor, sight: Sight, zone: ZoneInfo
) -> dict[str, Any]:
    """Return one appointment, its times in the clinic's zone."""
    slot = appointment.slot
    restricted = is_restricted(appointment, sight)
    sees_patients = actor.may(Permission.PATIENTS_VIEW) and not restricted
    is_seen = sight.sees(appointment.call_id) and not restricted
    try:
        name, phone = patient_name(appointment), patient_phone(appointment)
    except KeyGoneError:
        name = phone = ""
    return {
        "id": appointment.id,
        "status": appointment.status,
        "starts_at": slot.starts_at.astimezone(zone).isoformat(),
        "ends_at": slot.ends_at.astimezone(zone).isoformat(),
        "timezone": zone.key,
        "with": slot.practitioner.name,
        "type": slot.kind.name,
        "patient_name": (name or None) if sees_patients else None,
        "name_is_confirmed": appointment.name_is_confirmed,
        "patient_phone_e164": shown_e164(phone, is_seen=is_seen),
        "call_id": appointment.shown_call_id,
        "booked_at": appointment.booked_at,
        "cancelled_at": appointment.cancelled_at,
    }
