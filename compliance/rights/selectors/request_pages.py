"""What the pages Requests show."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from accounts.actors import Actor
from accounts.models import User
from accounts.permissions import Permission
from compliance.rights import record
from compliance.rights.models import CallerMark, RightsRequest, RightsStep
from compliance.rights.saga import Checkpoint
from compliance.rights.sealed import open_column
from compliance.rights.selectors.coverage import count_covered
from compliance.rights.selectors.marks import list_marks
from compliance.rights.selectors.requests import list_concluded, list_open
from compliance.rights.settling import legs_of
from compliance.rights.words import CHECKPOINTS, GROUNDS, KINDS, VERIFIED
from sondervoice.kernel.rights import RightsKind
from sondervoice.kernel.subject_data import subject_holders

CONCLUDED_SHOWN: Final = 50
_MARKS: Final = {
    CallerMark.Kind.RESTRICTED: "Kept, but not used",
    CallerMark.Kind.OBJECTED: "Calls are not recorded or written down",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One request in a list.

    Attributes:
        days_left: Until its day; less than 0 once that is past.
    """

    id: UUID
    kind: str
    source: str
    asked_at: datetime
    due_on: date
    days_left: int
    at: str
    is_undecided: bool
    is_held: bool
    concluded_at: datetime | None

    @property
    def is_late(self) -> bool:
        """Return whether its day is past and nobody decided."""
        return self.is_undecided and self.days_left < 0

    @property
    def is_near(self) -> bool:
        """Return whether little time is left."""
        return self.is_undecided and 0 <= self.days_left <= 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A checkpoint with its receipt."""

    word: str
    at: datetime
    by: str
    counts: list[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRow:
    """What one processor answered for its copy."""

    processor: str
    kind: str
    state: str
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSheet:
    """One request's page.

    Attributes:
        phone: Empty when forgotten or not to be seen, as `email` and `words` are.
        covers: How much there is of what; None once nobody is known.
    """

    row: RequestRow
    verified: str
    phone: str
    email: str
    words: str
    refusal: str
    extension: str
    covers: list[tuple[str, int]] | None
    steps: list[StepRow]
    legs: list[LegRow]
    is_forgotten: bool
    is_of_erasing: bool
    package_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """A standing mark."""

    id: UUID
    what: str
    request_id: UUID
    placed_at: datetime


def shape_rows(rows: list[RightsRequest], *, today: date) -> list[RequestRow]:
    """Return requests for a reader."""
    return [_row(request, today) for request in rows]


def list_rows(
    *, actor: Actor, today: date
) -> tuple[list[RequestRow], list[RequestRow]]:
    """Return what is open, due first in front, and the newest that is concluded.

    Raises:
        PermissionMissingError: If the actor may not see requests.
    """
    done = list(list_concluded(actor=actor)[:CONCLUDED_SHOWN])
    return (
        shape_rows(list(list_open(actor=actor)), today=today),
        shape_rows(done, today=today),
    )


def list_mark_rows(*, actor: Actor) -> list[MarkRow]:
    """Return the standing marks.

    Raises:
        PermissionMissingError: If the actor may not see requests.
    """
    return [
        MarkRow(
            id=mark.id,
            what=_MARKS[CallerMark.Kind(mark.kind)],
            request_id=mark.request_id,
            placed_at=mark.placed_at,
        )
        for mark in list_marks(actor=actor)
    ]


def read_sheet(
    *, actor: Actor, request: RightsRequest, today: date, now: datetime
) -> RequestSheet:
    """Return the page of a request that `get_request` has returned; record the look.

    Who asks is shown to whoever decides; an auditor sees the rest.
    """
    sees = actor.may(Permission.RIGHTS_MANAGE)
    if sees and request.forgotten_at is None:
        record.person_read(request, actor)
    ground = GROUNDS.get(request.refusal_ground, "")
    refusal = open_column(request, "refusal_sealed")
    return RequestSheet(
        row=_row(request, today),
        verified=VERIFIED.get(request.verified, "At the public door, which proves it"),
        phone=open_column(request, "phone_sealed") if sees else "",
        email=open_column(request, "email_sealed") if sees else "",
        words=open_column(request, "words_sealed") if sees else "",
        refusal=f"{ground}. {refusal}".rstrip() if ground else "",
        extension=open_column(request, "extension_sealed"),
        covers=_covers(request, now=now),
        steps=_steps(request),
        legs=_legs(request),
        is_forgotten=request.forgotten_at is not None,
        is_of_erasing=request.kind == RightsKind.ERASE,
        package_until=request.package_until if not request.forgotten_at else None,
    )


def _covers(request: RightsRequest, *, now: datetime) -> list[tuple[str, int]] | None:
    if request.forgotten_at is not None:
        return None
    counts = count_covered(request, now=now)
    return [
        (holder.title, counts[holder.name])
        for holder in subject_holders()
        if holder.is_of_callers
    ]


def _steps(request: RightsRequest) -> list[StepRow]:
    steps = list(RightsStep.objects.filter(request=request).order_by("number"))
    people = User.objects.in_bulk({one.actor_id for one in steps if one.actor_id})
    return [
        StepRow(
            word=CHECKPOINTS[one.checkpoint],
            at=one.at,
            by=_name(people, one.actor_id),
            counts=[
                (name.replace("_", " "), count) for name, count in one.counts.items()
            ],
        )
        for one in steps
    ]


def _legs(request: RightsRequest) -> list[LegRow]:
    return [
        LegRow(
            processor=leg.processor.capitalize(),
            kind=leg.kind.replace("_", " "),
            state=leg.get_state_display(),
            answer=leg.last_answer,
            answered_at=leg.answered_at,
        )
        for leg in legs_of(request)
    ]


def _name(people: dict[UUID, User], actor_id: UUID | None) -> str:
    if actor_id is None:
        return ""
    person = people.get(actor_id)
    return (person.full_name or person.email) if person else "somebody who has left"


def _row(request: RightsRequest, today: date) -> RequestRow:
    return RequestRow(
        id=request.id,
        kind=KINDS[request.kind],
        source="At the public door" if request.asking_id else "Entered by staff",
        asked_at=request.asked_at,
        due_on=request.due_on,
        days_left=(request.due_on - today).days,
        at=CHECKPOINTS[request.checkpoint],
        is_undecided=request.checkpoint == Checkpoint.RECEIVED,
        is_held=request.checkpoint == Checkpoint.HELD,
        concluded_at=request.concluded_at,
    )
