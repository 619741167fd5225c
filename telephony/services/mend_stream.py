"""The stream of a live call has gone: keep the caller company and open it again.

The job comes back every two seconds until a line holds the call again, so that the
stream is there as soon as the media process is. Where it cannot be, the caller is given
to a person or told so, and never left in silence.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit
from telephony.models import Call, CarrierCommand, StreamToken
from telephony.services.ask_carrier import ask_carrier
from telephony.services.put_through import put_through
from telephony.services.say_goodbye import our_ending, say_goodbye

# A media process is back within ten seconds. With a person's telephone ringing after
# it and the last words, all is over within a minute of the break.
MENDED_WITHIN: Final = timedelta(seconds=15)
LOOK_AGAIN_S: Final = 2.0
# The first line and two more: a line that breaks a third time will break again.
LINES_AT_MOST: Final = 3
SAY_HOLD_EVERY: Final = timedelta(seconds=8)

Kind = CarrierCommand.Kind


def mend_stream(*, organization_id: UUID, call_id: UUID, now: datetime) -> None:
    """Open the stream again, or look later whether it opened, or give up.

    Nothing happens when the call has ended, the line ended by itself, or another line
    holds the call already.
    """
    with tenancy.scope(organization_id):
        call = Call.with_deleted.select_for_update().get(pk=call_id)
        is_over = call.has_ended or call.line_ended_at is not None
        if is_over or call.stream_lost_at is None or our_ending(call) is not None:
            return
        is_late = now - call.stream_lost_at >= MENDED_WITHIN
        if is_late or call.line_epoch >= LINES_AT_MOST:
            _give_up(call, now=now)
            return
        if _is_lost(call):
            _open_again(call, now=now)
        _keep_company(call, now=now)
        after_commit(
            "telephony.mend_stream",
            organization_id=organization_id,
            ids={"call_id": call_id},
            delay_s=LOOK_AGAIN_S,
        )


def _is_lost(call: Call) -> bool:
    """Return whether the newest stream broke; else it is still being opened."""
    if call.stream_attempts == 0:
        return True
    tokens = StreamToken.objects.filter(call=call, step=call.stream_attempts)
    return tokens.exclude(lost_at=None).exists()


def _open_again(call: Call, *, now: datetime) -> None:
    call.stream_attempts += 1
    call.save(update_fields=["stream_attempts"])
    ask_carrier(call=call, kind=Kind.START_STREAM, step=call.stream_attempts, now=now)


def _keep_company(call: Call, *, now: datetime) -> None:
    spoken = CarrierCommand.objects.filter(call=call, kind=Kind.SPEAK)
    if not spoken.filter(asked_at__gt=now - SAY_HOLD_EVERY).exists():
        _speak(call, "hold", now=now)


def _speak(call: Call, words_key: str, *, now: datetime) -> None:
    step = CarrierCommand.objects.filter(call=call, kind=Kind.SPEAK).count()
    ask_carrier(call=call, kind=Kind.SPEAK, step=step, words_key=words_key, now=now)


def _give_up(call: Call, *, now: datetime) -> None:
    """Give the caller to a person if there is one, else say sorry and end the call."""
    call.line_ended_at = now
    # A sign of life: the sweep must not end the call while a person's telephone rings.
    call.line_seen_at = now
    call.end_reason = Call.EndReason.LINE_LOST
    call.save(update_fields=["line_ended_at", "line_seen_at", "end_reason"])
    if not call.agent_version.put_through_e164:
        say_goodbye(call=call, words_key="sorry", now=now)
        return
    _speak(call, "person", now=now)
    put_through(call=call, now=now)
