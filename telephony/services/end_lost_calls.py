"""End calls that nobody holds any more: the process died and no event will come."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from sondervoice.kernel import tenancy
from telephony.models import Call, CarrierCommand
from telephony.services.ask_carrier import ask_carrier
from telephony.services.end_call import end_call
from telephony.services.say_goodbye import our_ending

LOST_AFTER_S: Final = 30
# Our line has ended and the call has not: a person's telephone rings.
UNANSWERED_AFTER_S: Final = 60


def _surely(_call_id: UUID) -> bool:
    return True


def end_lost_calls(
    *,
    organization_id: UUID,
    now: datetime,
    is_sure: Callable[[UUID], bool] = _surely,
) -> int:
    """End calls without a sign of life for 30 s; return how many.

    A sign is the line's beat every five seconds, or the answer itself. A call that
    rings, with us or with the person it was put through to, has 60 s.

    Args:
        is_sure: Asked of each call that looks lost. After an outage of the database all
            calls look lost until their next beat.
    """
    quiet = now - timedelta(seconds=LOST_AFTER_S)
    unanswered = now - timedelta(seconds=UNANSWERED_AFTER_S)
    with tenancy.scope(organization_id):
        lost = Call.objects.filter(
            Q(status="live", line_ended_at=None, line_seen_at__lt=quiet)
            | Q(status="live", line_ended_at__lt=unanswered)
            | Q(status="live", line_seen_at=None, answered_at__lt=quiet)
            | Q(status="ringing", started_at__lt=unanswered)
        )
        sure = [call for call in lost if is_sure(call.id)]
        for call in sure:
            reason = our_ending(call) or Call.EndReason.LINE_LOST
            ask_carrier(call=call, kind=CarrierCommand.Kind.HANG_UP, step=9, now=now)
            end_call(call_id=call.id, reason=reason, now=now)
        return len(sure)
