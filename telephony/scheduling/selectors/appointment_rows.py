"""Appointments shaped for a page: who comes, for what, to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.keys.store import KeyGoneError
from telephony.scheduling.models import Appointment
from telephony.scheduling.sealed import patient_name, patient_phone
from telephony.sealed import mask_e164
from telephony.selectors.callers import spaced
from telephony.selectors.sight import Sight

RESTRICTED: Final = "Restricted"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentRow:
    """One appointment.

    Attributes:
        number: Masked for who may not see it, empty when unknown.
        is_restricted: Whose it is asked that what is kept of them is not used.
        name_is_confirmed: False when staff should listen to the name in the call; never
            where nobody may.
    """

    id: UUID
    call_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    kind: str
    practitioner: str
    patient: str
    number: str
    is_cancelled: bool
    is_restricted: bool
    name_is_confirmed: bool


def shape_appointments(
    *,
    actor: Actor,
    appointments: Iterable[Appointment],
    sight: Sight,
    is_diary: bool = True,
) -> list[AppointmentRow]:
    """Return a row for each appointment, in the order given.

    Args:
        is_diary: The desk sees who comes; beside a call it would say who called.

    Raises:
        PermissionMissingError: If the actor may not see appointments.
    """
    actor.require(Permission.APPOINTMENTS_VIEW)
    sees_names = is_diary and actor.may(Permission.PATIENTS_VIEW)
    return [_row(appointment, sight, sees_names) for appointment in appointments]


def _row(
    appointment: Appointment,
    sight: Sight,
    sees_names: bool,  # noqa: FBT001 -- ours alone
) -> AppointmentRow:
    slot = appointment.slot
    name, phone = _who(appointment)
    restricted = is_restricted(appointment, sight)
    is_seen = sight.sees(appointment.call_id) and not restricted
    if restricted:
        name = RESTRICTED
    return AppointmentRow(
        id=appointment.id,
        call_id=appointment.shown_call_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        kind=f"{slot.kind.name[:1].upper()}{slot.kind.name[1:]}",
        practitioner=slot.practitioner.name,
        patient=name if is_seen or sees_names or restricted else "Name hidden",
        number=spaced(phone) if is_seen else mask_e164(phone),
        is_cancelled=appointment.status == Appointment.Status.CANCELLED,
        is_restricted=restricted,
        name_is_confirmed=appointment.name_is_confirmed or restricted,
    )


def is_restricted(appointment: Appointment, sight: Sight) -> bool:
    """Return whether whose it is, or who booked it, asked that it is not used."""
    if not sight.restricted:
        return False
    call = appointment.call
    return sight.restricts(appointment.patient_phone_index) or (
        call is not None and sight.restricts(call.caller_index)
    )


def _who(appointment: Appointment) -> tuple[str, str]:
    """Return name and number; once their key is destroyed, that they are erased."""
    try:
        return patient_name(appointment) or "No name given", patient_phone(appointment)
    except KeyGoneError:
        return "Patient erased", ""
