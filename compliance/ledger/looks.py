"""Writes down that somebody looked at the record itself."""

from accounts.actors import Actor
from sondervoice.kernel import audit


def note_viewed(*, actor: Actor, count: int) -> None:
    """Record one look at a page of the record."""
    _note("compliance.access.viewed", actor, count)


def note_exported(*, actor: Actor, count: int) -> None:
    """Record that rows were taken along as a file."""
    _note("compliance.access.exported", actor, count)


def _note(action: str, actor: Actor, count: int) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="organization",
            subject_id=actor.organization_id,
            facts={"count": count},
        )
    )
