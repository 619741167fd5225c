"""Write down that a body had fields that nothing here knows.

Who adds an organization or a role to a body tries to set what is not asked. What they
are called is the sender's word, and not kept.
"""

from datetime import datetime
from typing import Final

from accounts.actors import Actor
from accounts.machines.services.count_hit import count_hit
from sondervoice.kernel import audit, tenancy

# Whoever tries one after another must not fill the record.
ROWS_A_MINUTE: Final = 10


def note_unknown_fields(*, actor: Actor, count: int, now: datetime) -> None:
    """Record how many there were, ten times a minute and actor at most."""
    hits = count_hit(kind="unknown field", subject=str(actor.id), now=now)
    if hits.count > ROWS_A_MINUTE:
        return
    with tenancy.scope(actor.organization_id):
        audit.record(
            audit.Entry(
                action="accounts.field.refused",
                organization_id=actor.organization_id,
                actor_kind=actor.kind,
                actor_id=actor.id,
                subject_kind="body",
                subject_id=None,
                facts={"count": count},
            )
        )
