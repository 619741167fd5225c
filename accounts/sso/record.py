"""The parts of a row of the record that all of single sign-on shares."""

from typing import Any, Final
from uuid import UUID

from accounts.actors import Actor
from accounts.models import Membership, User
from accounts.sso.models import SsoConnection
from sondervoice.kernel import audit

# How a clinic describes its directory; the secret has a way of its own.
DESCRIBED: Final = (
    "kind",
    "preset",
    "label",
    "issuer",
    "client_id",
    "sso_url",
    "certificates",
    "groups_claim",
    "role_map",
    "default_role",
    "trusts_second_factor",
)


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


def nobody(member: Membership) -> Actor:
    """Return who does it where the directory's word changes a member: they themselves.

    They may do nothing: what is changed is not theirs to decide.
    """
    return Actor(
        kind="user",
        id=member.user_id,
        organization_id=member.organization_id,
        permissions=frozenset(),
    )


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


def state_of(row: SsoConnection) -> dict[str, Any]:
    """Return all that can be said of a directory; the secret as it is sealed.

    What has no limits looks as it did before there were any.
    """
    said = {name: getattr(row, name) for name in DESCRIBED}
    if row.limits_by_group:
        said["limits_by_group"] = row.limits_by_group
    if row.default_limited_to is not None:
        said["default_limited_to"] = row.default_limited_to
    return said | {"secret": bytes(row.sealed_secret or b"").hex()}


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
