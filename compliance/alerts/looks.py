"""Writes down that somebody read what colleagues noted of alerts."""

from accounts.actors import Actor
from sondervoice.kernel import audit


def note_notes_read(*, actor: Actor, count: int) -> None:
    """Record one look at so many notes, in the open transaction; none is no look."""
    if not count:
        return
    audit.record(
        audit.Entry(
            action="compliance.alert_notes.read",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="security_alert",
            subject_id=None,
            fields=("note",),
            facts={"count": count},
        )
    )
