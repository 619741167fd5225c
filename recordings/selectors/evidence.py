"""Who listened to a call or read it, from the record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.actors import Actor
from accounts.models import User
from accounts.permissions import Permission
from compliance.ledger.models import AuditLog
from telephony.models import Call

LISTENED: Final = "recordings.playback.granted"
READ: Final = "recordings.transcript.read"
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a call.

    Attributes:
        who: A name, ``An API key``, or that the person is gone from the clinic.
        did: ``listened`` or ``read``.
    """

    who: str
    did: str
    at: datetime
    is_listening: bool


def list_looks(*, actor: Actor, call: Call) -> list[Look]:
    """Return the newest looks at the call, at most `SHOWN`.

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
    return [_look(row, people, actor) for row in rows]


def _look(row: AuditLog, people: dict[object, User], actor: Actor) -> Look:
    is_listening = row.action == LISTENED
    return Look(
        who=_who(row, people, actor),
        did="listened" if is_listening else "read",
        at=row.at,
        is_listening=is_listening,
    )


def _who(row: AuditLog, people: dict[object, User], actor: Actor) -> str:
    if row.actor_id == actor.id:
        return "You"
    if row.actor_kind != "user":
        return "An API key"
    person = people.get(row.actor_id)
    return (person.full_name or person.email) if person else "Somebody who has left"
