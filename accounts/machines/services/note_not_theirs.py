"""Write down that somebody asked for what is not their clinic's.

Whether it is another clinic's or nobody's is not asked: the record must not tell more
than the page, which answers the same to both.
"""

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
        kind: What the address calls the thing, as ``call``.
        thing_id: As the address has it.
        now: Of the question.
    """
    hits = count_hit(kind="not theirs", subject=str(actor.id), now=now)
    if hits.count > ROWS_A_MINUTE:
        return
    with tenancy.scope(actor.organization_id):
        audit.record(
            audit.Entry(
                action="accounts.thing.refused",
                organization_id=actor.organization_id,
                actor_kind=actor.kind,
                actor_id=actor.id,
                subject_kind=kind,
                subject_id=thing_id,
            )
        )
