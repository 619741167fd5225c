"""The parts of a row of the record that all of single sign-on shares."""

from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.models import User
from accounts.sso.models import SsoConnection
from sondervoice.kernel import audit


def by_directory(connection: SsoConnection, user: User) -> dict[str, Any]:
    """Return who and of what, where a directory's word was taken for a person."""
    return {
        "organization_id": connection.organization_id,
        "actor_kind": "user",
        "actor_id": user.pk,
        "subject_kind": "user",
        "subject_id": user.pk,
        "facts": {"connection": connection.id},
    }


def by_person(user: User) -> dict[str, Any]:
    """Return who and of what, where a person changed what is theirs alone."""
    return {
        "organization_id": None,
        "actor_kind": "user",
        "actor_id": user.pk,
        "subject_kind": "user",
        "subject_id": user.pk,
    }


def by_member(actor: Actor, kind: str, subject_id: UUID) -> dict[str, Any]:
    """Return who and of what, where a member changed the clinic's set-up."""
    return {
        "organization_id": actor.organization_id,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "subject_kind": kind,
        "subject_id": subject_id,
    }


def note_refused(
    about: str, *, organization_id: UUID | None, connection_id: UUID | None
) -> None:
    """Record that an answer was not believed, and which part of it."""
    audit.record(
        audit.Entry(
            action="accounts.sso.refused",
            organization_id=organization_id,
            actor_kind="system",
            actor_id=None,
            subject_kind="sso_connection",
            subject_id=connection_id,
            fields=(about,),
        )
    )
