"""Ask the carrier to give the caller to a person.

That a person answered is known only when the carrier says that the two are bridged
(`telephony.services.apply_event`). Nothing says so before.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit
from telephony.carrier.port import RINGS_S
from telephony.models import Call, CarrierCommand, ToolUse
from telephony.services.ask_carrier import ask_carrier
from telephony.services.say_goodbye import say_goodbye

# The carrier stops ringing by itself; its word may take a moment.
ANSWERED_WITHIN_S: Final = RINGS_S + 3.0


def put_through(*, call: Call, now: datetime) -> None:
    """Have the person's telephone ring, and look later whether anybody answered."""
    since = now - (call.answered_at or call.started_at)
    ToolUse.objects.create(
        organization_id=call.organization_id,
        call=call,
        name="put_through",
        effect="asked",
        at_ms=max(0, int(since.total_seconds() * 1000)),
        took_ms=0,
    )
    ask_carrier(call=call, kind=CarrierCommand.Kind.TRANSFER, now=now)
    after_commit(
        "telephony.check_transfer",
        organization_id=call.organization_id,
        ids={"call_id": call.id},
        delay_s=ANSWERED_WITHIN_S,
    )


def check_transfer(*, organization_id: UUID, call_id: UUID, now: datetime) -> None:
    """Tell a caller whom nobody answered so, and end the call.

    The staff get their note as it ends (`telephony.services.end_call`).
    """
    with tenancy.scope(organization_id):
        call = Call.with_deleted.select_for_update().get(pk=call_id)
        if not call.has_ended:
            say_goodbye(call=call, words_key="nobody", now=now)
