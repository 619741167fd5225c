"""Writes down that somebody read why something is held."""

from uuid import UUID

from accounts.actors import Actor
from sondervoice.kernel import audit


def note_reasons_read(*, actor: Actor, count: int, hold_id: UUID | None = None) -> None:
    """Record one look at so many holds' reasons, in the open transaction.

    Args:
        actor: Who reads them.
        count: Of the holds; where it is 0, nothing is written.
        hold_id: Of the hold, where the page is of one.
    """
    if not count:
        return
    audit.record(
        audit.Entry(
            action="compliance.hold_reasons.read",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="legal_hold",
            subject_id=hold_id,
            fields=("reason",),
            facts={"count": count},
        )
    )
