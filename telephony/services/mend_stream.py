"""The stream of a live call has gone: keep the caller company and open it again."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sondervoice.kernel import tenancy
from telephony.models import Call, CarrierCommand
from telephony.services.ask_carrier import ask_carrier

MOST_ATTEMPTS: Final = 2
JUST_NOW: Final = timedelta(seconds=5)
# How long the carrier's voice needs for the last sentence.
SORRY_S: Final = 12.0

Kind = CarrierCommand.Kind


def mend_stream(*, organization_id: UUID, call_id: UUID, now: datetime) -> None:
    """Open the stream again, at most twice; then say sorry and end the call.

    Nothing happens when the call has ended or the line ended by itself.
    """
    with tenancy.scope(organization_id):
        call = Call.objects.select_for_update().get(pk=call_id)
        if call.has_ended or call.line_ended_at is not None:
            return
        asked = CarrierCommand.objects.filter(call=call, kind=Kind.START_STREAM)
        if call.stream_attempts and asked.filter(asked_at__gt=now - JUST_NOW).exists():
            # One break is told twice, and a job may run twice.
            return
        call.stream_attempts += 1
        call.save(update_fields=["stream_attempts"])
        step = call.stream_attempts
        if step > MOST_ATTEMPTS:
            ask_carrier(
                call=call, kind=Kind.SPEAK, step=step, words_key="sorry", now=now
            )
            ask_carrier(
                call=call, kind=Kind.HANG_UP, step=step, now=now, delay_s=SORRY_S
            )
            return
        ask_carrier(call=call, kind=Kind.SPEAK, step=step, words_key="hold", now=now)
        ask_carrier(call=call, kind=Kind.START_STREAM, step=step, now=now)
