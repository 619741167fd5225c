"""Ask the carrier for something: a row and a job, sent once the transaction is kept.

Next: `telephony.services.send_command`.
"""

from datetime import datetime
from uuid import uuid5

from sondervoice.kernel.jobs import after_commit
from telephony.models import Call, CarrierCommand


def ask_carrier(
    *,
    call: Call,
    kind: CarrierCommand.Kind,
    now: datetime,
    step: int = 0,
    words_key: str = "",
    delay_s: float = 0,
) -> None:
    """Write the command; asking for the same step twice is harmless.

    Args:
        words_key: Which sentence of `telephony.carrier_words` to speak.
    """
    command, is_new = CarrierCommand.objects.get_or_create(
        organization_id=call.organization_id,
        call=call,
        kind=kind,
        step=step,
        defaults={
            "command_id": uuid5(call.id, f"{kind}:{step}"),
            "words_key": words_key,
            "asked_at": now,
        },
    )
    if is_new:
        after_commit(
            "telephony.send_command",
            organization_id=call.organization_id,
            ids={"command_id": command.id},
            delay_s=delay_s,
        )
