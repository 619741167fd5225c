"""The carrier says that a media stream has gone: see that the call gets another.

One break is told twice, as stopped and as failed, and an event may come late, after the
next stream was opened. The one-time token in a stream's address tells them apart.

Next: `telephony.services.mend_stream`.
"""

import hashlib
from datetime import datetime
from typing import Final

from sondervoice.kernel.jobs import after_commit
from telephony.call_states import Event
from telephony.carrier.port import Notice
from telephony.models import Call, StreamToken

# A stream also stops because the caller has hung up, of which we hear next.
MAYBE_HUNG_UP_S: Final = 1.0


def lose_stream(*, call: Call, notice: Notice, now: datetime) -> None:
    """Note that this stream is lost; the first word of a break begins its mending."""
    token = _token(call, notice)
    if token is not None:
        if token.lost_at is not None or token.step < call.stream_attempts:
            return
        token.lost_at = now
        token.save(update_fields=["lost_at"])
    if call.stream_lost_at is not None:
        # It is being mended, and the mending looks at the token.
        return
    call.stream_lost_at = now
    call.save(update_fields=["stream_lost_at"])
    after_commit(
        "telephony.mend_stream",
        organization_id=call.organization_id,
        ids={"call_id": call.id},
        delay_s=MAYBE_HUNG_UP_S if notice.event is Event.STREAM_STOPPED else 0.0,
    )


def _token(call: Call, notice: Notice) -> StreamToken | None:
    """Return the stream's token; where the event does not name it, the newest."""
    tokens = StreamToken.objects.filter(call=call)
    if notice.stream_token:
        token_sha256 = hashlib.sha256(notice.stream_token.encode()).digest()
        return tokens.filter(token_sha256=token_sha256).first()
    return tokens.order_by("-step", "-expires_at").first()
