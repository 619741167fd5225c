"""Make the one-time right to open a call's media stream."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from telephony.models import Call, StreamToken

LIVES_S: Final = 60
TOKEN_BYTES: Final = 32


def make_stream_token(*, call: Call, now: datetime, step: int = 0) -> str:
    """Return a token of 256 bits that opens one stream within 60 s.

    Args:
        step: Of the command that tells the carrier the stream's address.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    StreamToken.objects.create(
        organization_id=call.organization_id,
        call=call,
        step=step,
        token_sha256=hashlib.sha256(token.encode()).digest(),
        expires_at=now + timedelta(seconds=LIVES_S),
    )
    return token
