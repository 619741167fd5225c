"""Write down that somebody asked for what is not their clinic's.

Whether it is another clinic's or nobody's is not asked: the record must not tell more
than the page, which answers the same to both.
"""

from contextlib import nullcontext
from datetime import datetime
from typing import Final
from uuid import UUID

from accounts.actors import Actor
from accounts.machines.services.count_hit import count_hit
from sondervoice.kernel import audit, tenancy

# Whoever tries one id after another must not fill the record.
ROWS_A_MINUTE: Final = 10


def note_not_theirs(*, actor: Actor, kind: str, thing_id: UUID, now: datetime) -> None:
    """Record the id that was asked for, ten times a minute and actor at most.

    Args:
        actor: Who asked, as somebody of the clinic.
        kind: What the address or the form calls the thing, as ``call``.
        thing_id: As it was asked for.
        now: Of the question.
    """
    entry = audit.Entry(
        action="accounts.thing.refused",
        organization_id=actor.organization_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        subject_kind=kind,
        subject_id=thing_id,
    )
    _note(entry, now)


def note_other_clinic(
    *, user_id: UUID, at: UUID | None, organization_id: UUID, now: datetime
) -> None:
    """Record that a person wanted to go on in a clinic that is none of theirs.

    Args:
        at: The clinic that is open, whose record it is; null for who has none.
        organization_id: The clinic that was asked for.
        now: Of the question.
    """
    entry = audit.Entry(
        action="accounts.thing.refused",
        organization_id=at,
        actor_kind="user",
        actor_id=user_id,
        subject_kind="organization",
        subject_id=organization_id,
    )
    _note(entry, now)


def _note(entry: audit.Entry, now: datetime) -> None:
    hits = count_hit(kind="not theirs", subject=str(entry.actor_id), now=now)
    if hits.count > ROWS_A_MINUTE:
        return
    clinic = entry.organization_id
    with nullcontext() if clinic is None else tenancy.scope(clinic):
        audit.record(entry)
