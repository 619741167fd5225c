"""The sealed fields of an appointment: under the appointment's own key.

It may outlive the call that it was booked in, by far.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from telephony.scheduling.models import Appointment

TABLE: Final = "scheduling_appointment"


def seal_patient_field(
    text: str, *, column: str, organization_id: UUID, row_id: UUID, now: datetime
) -> bytes:
    """Return text sealed for ``patient_name_sealed`` or ``patient_phone_sealed``."""
    return keys().seal_row(text, Place(organization_id, TABLE, column, row_id), now=now)


def patient_name(appointment: Appointment) -> str:
    """Return the patient's name as heard, or empty once it is erased."""
    return _open(appointment, "patient_name_sealed")


def patient_phone(appointment: Appointment) -> str:
    """Return the patient's E.164 number, or empty when it was withheld or is erased."""
    return _open(appointment, "patient_phone_sealed")


def _open(appointment: Appointment, column: str) -> str:
    sealed = bytes(getattr(appointment, column))
    if not sealed:
        return ""
    place = Place(appointment.organization_id, TABLE, column, appointment.id)
    return keys().unseal_row(sealed, place)
