"""The only door to the rows of the record that a clinic may see: its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.models import Membership, User
from accounts.permissions import Permission
from compliance.ledger.kinds import KINDS
from compliance.ledger.models import AuditLog
from compliance.ledger.sight import rows_in_sight
from compliance.ledger.words import words_for


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """One row of the record, for a reader.

    Attributes:
        who: A name, or what kind of thing it was.
        subject: Kind of the thing, and its id where there is one.
        whom: The name of the person it was done to, if that is somebody else.
    """

    id: UUID
    at: datetime
    who: str
    did: str
    action: str
    subject: str
    subject_id: UUID | None
    whom: str
    fields: str


def list_record(
    *, actor: Actor, since: datetime, kind: str = "all", person: UUID | None = None
) -> QuerySet[AuditLog]:
    """Return rows of the clinic's record from `since` on, newest first.

    Whoever is limited to some places sees no row about a call of another.

    Raises:
        KeyError: If the kind is none of `KINDS`.
        PermissionMissingError: If the actor may not see who looked at what.
    """
    actor.require(Permission.ACCESS_VIEW)
    rows = AuditLog.objects.filter(KINDS[kind][1], rows_in_sight(actor), at__gte=since)
    if person is not None:
        rows = rows.filter(actor_id=person)
    return rows.order_by("-at", "-id")


def before(rows: QuerySet[AuditLog], row_id: UUID | None) -> QuerySet[AuditLog]:
    """Return the rows older than one of them; an unknown one is passed over."""
    if row_id is None:
        return rows
    edge = AuditLog.objects.filter(pk=row_id).values_list("at", "id").first()
    if edge is None:
        return rows
    at, number = edge
    return rows.filter(Q(at__lt=at) | Q(at=at, id__lt=number), at__lte=at)


def shape_record(rows: Iterable[AuditLog]) -> list[RecordLine]:
    """Return the rows with names in place of ids, in two further queries."""
    found = list(rows)
    done_to = _done_to(found)
    asked = {row.actor_id for row in found} | set(done_to.values())
    people = User.objects.in_bulk({one for one in asked if one is not None})
    return [_line(row, people, done_to.get(row.id)) for row in found]


def _done_to(rows: list[AuditLog]) -> dict[UUID, UUID]:
    """Return the person each row is about, where it is about one."""
    subjects = {(row.subject_kind, row.subject_id) for row in rows}
    members = Membership.objects.filter(
        pk__in=[one for kind, one in subjects if kind == "membership"]
    )
    users = dict(members.values_list("pk", "user_id"))
    users |= {one: one for kind, one in subjects if kind == "user" and one}
    return {
        row.id: users[row.subject_id]
        for row in rows
        if row.subject_id is not None and row.subject_id in users
    }


def list_people() -> list[tuple[UUID, str]]:
    """Return everybody the open scope shows, by name."""
    found = User.objects.order_by("full_name", "email")
    return [(one.pk, one.full_name or one.email) for one in found]


def _line(row: AuditLog, people: dict[UUID, User], done_to: UUID | None) -> RecordLine:
    whom = people.get(done_to) if done_to and done_to != row.actor_id else None
    return RecordLine(
        id=row.id,
        at=row.at,
        who=name_of(row.actor_kind, row.actor_id, people),
        did=words_for(row),
        action=row.action,
        subject=row.subject_kind.replace("_", " "),
        subject_id=row.subject_id,
        whom=(whom.full_name or whom.email) if whom else "",
        fields=", ".join(one.replace("_", " ") for one in row.fields),
    )


def name_of(kind: str, actor_id: UUID | None, people: dict[UUID, User]) -> str:
    """Return who did something: a name, or what kind of thing it was."""
    if kind != "user":
        kinds = {"api_key": "A key", "operator": "SonderVoice", "system": "The system"}
        return kinds.get(kind, f"The {kind}")
    person = people.get(actor_id) if actor_id else None
    return (person.full_name or person.email) if person else "Somebody who has left"
