"""How an appointment looks over REST."""

from typing import Final

from accounts.shapes import ID, TEXT, TIME, YES_NO, maybe, one_word, record, said
from telephony.scheduling.models import Appointment

APPOINTMENT: Final = record(
    "Appointment",
    **{
        "id": ID,
        "status": one_word(Appointment.Status.values),
        "starts_at": said(TIME, "in the clinic\u2019s zone"),
        "ends_at": TIME,
        "timezone": said(TEXT, "as IANA names it"),
        "with": TEXT,
        "type": TEXT,
        "patient_name": maybe(TEXT),
        "name_is_confirmed": said(YES_NO, "false: listen to the name in the call"),
        "patient_phone_e164": said(maybe(TEXT), "masked"),
        "call_id": maybe(ID),
        "booked_at": TIME,
        "cancelled_at": maybe(TIME),
    },
)
