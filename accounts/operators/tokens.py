"""Service tokens: a minute's word that one operator reads for one purpose, once.

``<number>.<purpose>.<actor>.<issued>.<signature>``: the number makes it single use, and
the signature is an HMAC under a key derived from `SECRET_KEY` for this alone.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

from accounts.derived_keys import derive_key
from accounts.operators.errors import ReadingRefusedError

GOOD_FOR: Final = timedelta(seconds=60)


class Purpose(IntEnum):
    """What is read across clinics; the record keeps the number."""

    OVERVIEW = 1
    ORGANIZATIONS = 2
    PEOPLE = 3
    MEMBERSHIPS = 4
    GRANTS = 5
    SESSIONS = 6
    RECORD = 7
    LEAVING = 8
    CLOSINGS = 9
    PRIVACY = 10
    ACTS = 11
    AGENCIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceToken:
    """What a good token says."""

    id: UUID
    purpose: Purpose
    actor_id: UUID
    issued_at: datetime


def issue_token(*, purpose: Purpose, actor_id: UUID, now: datetime) -> str:
    """Return a token that is good for a minute, once."""
    said = f"{uuid4()}.{purpose.value}.{actor_id}.{int(now.timestamp())}"
    return f"{said}.{_sign(said)}"


def read_token(token: str, *, now: datetime) -> ServiceToken:
    """Return what the token says.

    Raises:
        ReadingRefusedError: If it is none, is not signed by us, or is older than a
            minute; one from the future is refused as well.
    """
    said, _, signature = token.rpartition(".")
    if not hmac.compare_digest(_sign(said).encode(), signature.encode()):
        raise ReadingRefusedError
    number, purpose, actor, issued = said.split(".")
    issued_at = datetime.fromtimestamp(int(issued), UTC)
    # Issued in whole seconds, so that it may look up to one second older than it is.
    if not issued_at <= now < issued_at + GOOD_FOR:
        raise ReadingRefusedError
    return ServiceToken(
        id=UUID(number),
        purpose=Purpose(int(purpose)),
        actor_id=UUID(actor),
        issued_at=issued_at,
    )


def _sign(said: str) -> str:
    key = derive_key("accounts.operators.tokens")
    return hmac.new(key, said.encode(), sha256).hexdigest()
