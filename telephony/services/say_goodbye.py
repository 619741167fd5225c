"""End a call that nobody of ours holds any more, with a sentence and not in silence."""

from datetime import datetime
from typing import Final

from telephony.models import Call, CarrierCommand
from telephony.services.ask_carrier import ask_carrier

# How long the carrier's voice needs for the last sentence.
LAST_WORDS_S: Final = 12.0
# One goodbye a call, whoever finds first that there must be one; beyond the steps of a
# stream that is opened again and again.
GOODBYE_STEP: Final = 1_000

Kind = CarrierCommand.Kind


def say_goodbye(*, call: Call, words_key: str, now: datetime) -> None:
    """Have the carrier's voice say the sentence and hang up; twice is harmless.

    Args:
        words_key: Which sentence of `telephony.carrier_words`.
    """
    ask_carrier(
        call=call, kind=Kind.SPEAK, step=GOODBYE_STEP, words_key=words_key, now=now
    )
    ask_carrier(
        call=call, kind=Kind.HANG_UP, step=GOODBYE_STEP, now=now, delay_s=LAST_WORDS_S
    )


def our_ending(call: Call) -> Call.EndReason | None:
    """Return why we asked for the end of this call, or None when we did not."""
    if not CarrierCommand.objects.filter(call=call, kind=Kind.HANG_UP).exists():
        return None
    return Call.EndReason(call.end_reason or Call.EndReason.AGENT_HUNG_UP)
