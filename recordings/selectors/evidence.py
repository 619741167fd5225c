"""Who listened to a call or read it, from the record."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from accounts.actors import Actor
from accounts.models import User
from accounts.permissions import Permission
from compliance.ledger.models import AuditLog
from telephony.models import Call

LISTENED: Final = "recordings.playback.granted"
READ: Final = "recordings.transcript.read"
SHOWN: Final = 100
_OTHERS: Final = {"operator": "Somebody of SonderVoice"}


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a call.

    Attributes:
        who: A name, ``An API key``, an operator, or that the person is gone.
        did: ``listened`` or ``read``.
        times: How often, within the looks that were read from the record.
        at: The last time.
    """

    who: str
    did: str
    at: datetime
    is_listening: bool
    times: int


def list_looks(*, actor: Actor, call: Call) -> list[Look]:
    """Return who looked at the call, newest first, from its last `SHOWN` looks.

    Raises:
        PermissionMissingError: If the actor may not see calls.
    """
    actor.require(Permission.CALLS_VIEW)
    rows = list(
        AuditLog.objects.filter(
            subject_id=call.id, action__in=[LISTENED, READ], at__gte=call.started_at
        ).order_by("-at")[:SHOWN]
    )
    people = User.objects.in_bulk({row.actor_id for row in rows if row.actor_id})
    last: dict[tuple[object, str], Look] = {}
    for row in rows:
        key = (row.actor_id, row.action)
        known = last.get(key)
        last[key] = (
            replace(known, times=known.times + 1)
            if known
            else _look(row, _who(row, people, actor))
        )
    return list(last.values())


def _look(row: AuditLog, who: str) -> Look:
    is_listening = row.action == LISTENED
    return Look(
        who=who,
        did="listened" if is_listening else "read",
        at=row.at,
        is_listening=is_listening,
        times=1,
    )


def _who(row: AuditLog, people: dict[object, User], actor: Actor) -> str:
    if row.actor_id == actor.id:
        return "You"
    if row.actor_kind != "user":
        return _OTHERS.get(row.actor_kind, "An API key")
    person = people.get(row.actor_id)
    return (person.full_name or person.email) if person else "Somebody who has left"
