"""Writes down that somebody looked at the clinic's people, as the API does."""

from accounts.actors import Actor
from sondervoice.kernel import audit


def note_people_viewed(*, actor: Actor, members: int, invitations: int) -> None:
    """Record one look at the names and addresses of so many, in the open scope."""
    audit.record(
        audit.Entry(
            action="accounts.people.viewed",
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="membership",
            subject_id=None,
            fields=("name", "email"),
            facts={"members": members, "invitations": invitations},
        )
    )
