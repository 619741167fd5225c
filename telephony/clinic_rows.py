"""What becomes of a clinic's line when its account closes, and of all it left."""

from datetime import datetime

from sondervoice.kernel.clinic_rows import Leaves, rows_leave
from telephony.models import Call, PhoneNumber


def state() -> None:
    """Say it of every model of telephony and of what stands in it."""
    rows_leave(
        Leaves.WITH_THE_DATA,
        "telephony.Location",
        "telephony.PhoneNumber",
        "telephony.Call",
        "telephony.CarrierEvent",
        "telephony.CarrierCommand",
        "telephony.StreamToken",
        "telephony.Turn",
        "telephony.Reveal",
        "telephony.ToolUse",
        "reception.Agent",
        "reception.AgentVersion",
        "scheduling.Practitioner",
        "scheduling.AppointmentType",
        "scheduling.Slot",
        "scheduling.Appointment",
        "phone_messages.Message",
        # The counts themselves stay, and say no more whose they were.
        "statistics.StatisticsMark",
    )


def give_numbers_up(_now: datetime) -> bool:
    """Make the open clinic's numbers nobody's, once its last call has ended.

    From then on the carrier hears of them what it hears of any unknown number. A caller
    who is on the line is not cut off.

    Returns:
        False, and nothing is changed, while a call rings or goes on.
    """
    if Call.objects.filter(status__in=(Call.Status.RINGING, Call.Status.LIVE)).exists():
        return False
    for number in PhoneNumber.objects.filter(e164__startswith="+"):
        # Sixteen characters that no number has, one of its own for each row.
        number.e164 = f"-{number.id.hex[-15:]}"
        number.save(update_fields=["e164"])
    return True
