"""Whom the actor sees unmasked at this instant: everybody, or those just revealed.

Nobody sees whose data is kept and not used.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.rights.selectors.marks import list_restricted
from telephony.models import Reveal


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The calls whose callers are shown as they are.

    Attributes:
        sees_everybody: By role, without a reason.
        revealed: Until when, by the call's id.
        may_reveal: A reason would show the others.
        restricted: Blind indexes of numbers whose callers nobody is shown.
    """

    sees_everybody: bool
    may_reveal: bool = False
    revealed: dict[UUID, datetime]
    restricted: frozenset[bytes] = frozenset()

    def sees(self, call_id: UUID | None) -> bool:
        """Return whether who called is shown; who never called is not."""
        return self.sees_everybody or call_id in self.revealed

    def restricts(self, caller_index: bytes | memoryview) -> bool:
        """Return whether what is kept of a number may not be used."""
        return bytes(caller_index) in self.restricted


def standing_sight(actor: Actor) -> Sight:
    """Return what the role alone lets the actor see; programs give no reasons."""
    return Sight(
        sees_everybody=actor.may(Permission.CALLERS_VIEW),
        revealed={},
        restricted=list_restricted(),
    )


def read_sight(*, actor: Actor, now: datetime) -> Sight:
    """Return what the actor's role and their reasons of late let them see."""
    standing = standing_sight(actor)
    if standing.sees_everybody or not actor.may(Permission.CALLERS_REVEAL):
        return standing
    rows = Reveal.objects.filter(actor_id=actor.id, ends_at__gt=now)
    return Sight(
        sees_everybody=False,
        may_reveal=True,
        revealed=dict(rows.values_list("call_id", "ends_at")),
        restricted=standing.restricted,
    )
