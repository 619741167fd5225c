"""Let one person listen to one call, for a short while: one line in the record a play.

The player asks for a grant when play is pressed and sends it with each request for a
piece of the sound; the pieces themselves are not recorded, however many there are.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core import signing
from django.db import transaction

from accounts.actors import Actor
from accounts.models import Organization
from accounts.second_factor.freshness import require_fresh_factor
from recordings.errors import PlaybackRefusedError
from recordings.selectors.sound import get_playable
from sondervoice.kernel import audit

GRANT_S: Final = 300
# In HIPAA mode.
STRICT_GRANT_S: Final = 60
_SALT: Final = "recordings.playback"


@dataclass(frozen=True, slots=True)
class Grant:
    """What the player sends with each request for sound; good for so many seconds."""

    token: str
    seconds: int


@transaction.atomic
def grant_playback(*, actor: Actor, call_id: UUID, now: datetime) -> Grant:
    """Return a grant for this actor and call; in HIPAA mode a short one.

    Raises:
        CallNotFoundError: If the call is not one of the clinic's.
        PermissionMissingError: If the actor may not listen.
        RecordingNotFoundError: If there is nothing to play.
        SecondFactorStaleError: If the clinic is in HIPAA mode and the actor's second
            factor was shown more than five minutes ago.
    """
    recording = get_playable(actor=actor, call_id=call_id)
    seconds = GRANT_S
    if Organization.objects.get(pk=actor.organization_id).hipaa_mode:
        require_fresh_factor(actor, now=now)
        seconds = STRICT_GRANT_S
    audit.record(
        audit.Entry(
            action="recordings.playback.granted",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="call",
            subject_id=call_id,
            fields=("sound",),
            facts={"recording": recording.id, "seconds": seconds},
        )
    )
    words = f"{seconds}.{_words(actor, call_id)}"
    return Grant(signing.TimestampSigner(salt=_SALT).sign(words), seconds)


def check_grant(grant: str, *, actor: Actor, call_id: UUID) -> None:
    """Let a request for sound pass, or refuse it.

    Raises:
        PlaybackRefusedError: If the grant is missing, changed, too old, or another's.
    """
    try:
        signer = signing.TimestampSigner(salt=_SALT)
        seconds, _, words = signer.unsign(grant).partition(".")
        signer.unsign(grant, max_age=min(int(seconds), GRANT_S))
    except signing.BadSignature:
        raise PlaybackRefusedError from None
    if words != _words(actor, call_id):
        raise PlaybackRefusedError


def _words(actor: Actor, call_id: UUID) -> str:
    return f"{actor.organization_id}.{actor.id}.{call_id}"
