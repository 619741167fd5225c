"""What the page Retention shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from accounts.actors import Actor
from accounts.models import User
from accounts.permissions import Permission
from compliance.retention.errors import HoldNotFoundError
from compliance.retention.models import LegalHold, RetentionRun
from compliance.retention.rules import KeepDays
from compliance.retention.sealed import hold_reason
from compliance.retention.selectors.holds import covered, list_standing_holds
from sondervoice.kernel.personal_data import DATA_CLASSES, DataClass, holders

RUNS_SHOWN: Final = 7
NOUNS: Final[Mapping[DataClass, tuple[str, str]]] = {
    DataClass.AUDIO: ("recording", "recordings"),
    DataClass.TRANSCRIPT: ("transcript", "transcripts"),
    DataClass.FIELDS: ("set of names and messages", "sets of names and messages"),
    DataClass.METADATA: ("caller’s number", "callers’ numbers"),  # noqa: RUF001
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """A standing hold, for a reader.

    Attributes:
        reason: Empty where the reader may not decide about holds: it may name a caller.
        is_due: It is time to ask whether it is still needed.
    """

    id: UUID
    what: str
    call_id: UUID | None
    since: datetime | None
    until: datetime | None
    reason: str
    placed_by: str
    placed_at: datetime
    review_on: date
    is_due: bool


def count_going(
    *, actor: Actor, days: KeepDays, before: datetime
) -> dict[DataClass, int]:
    """Return how much of each kind would go at `before` with these days.

    Raises:
        PermissionMissingError: If the actor may not see how long data is kept.
    """
    actor.require(Permission.RETENTION_VIEW)
    holds = covered()
    counts = dict.fromkeys(DATA_CLASSES, 0)
    for holder in holders():
        kind = holder.data_class
        counts[kind] += holder.count_going(
            days=days.of(kind), before=before, holds=holds
        )
    return counts


def in_words(counts: Mapping[DataClass, int]) -> list[str]:
    """Return ``12 recordings``, ``1 transcript``, without kinds of which none goes."""
    return [
        f"{count} {NOUNS[kind][count != 1]}" for kind, count in counts.items() if count
    ]


def list_holds(*, actor: Actor, today: date) -> list[HoldRow]:
    """Return the standing holds, those to be reviewed first in front.

    Raises:
        PermissionMissingError: If the actor may not see what is held.
    """
    actor.require(Permission.RETENTION_VIEW)
    rows = list(list_standing_holds())
    people = User.objects.in_bulk({row.placed_by for row in rows})
    sees_why = actor.may(Permission.RETENTION_MANAGE)
    return [_row(hold, people, today, sees_why=sees_why) for hold in rows]


def get_hold(*, actor: Actor, hold_id: UUID, today: date) -> HoldRow:
    """Return one standing hold.

    Raises:
        PermissionMissingError: If the actor may not see what is held.
        HoldNotFoundError: If there is no such hold, or it was released.
    """
    for row in list_holds(actor=actor, today=today):
        if row.id == hold_id:
            return row
    raise HoldNotFoundError


def list_runs(*, actor: Actor) -> list[RetentionRun]:
    """Return the last nights, newest first.

    Raises:
        PermissionMissingError: If the actor may not see what was erased.
    """
    actor.require(Permission.RETENTION_VIEW)
    nights = RetentionRun.objects.filter(kind=RetentionRun.NIGHT)
    return list(nights.order_by("-due_at")[:RUNS_SHOWN])


def _row(
    hold: LegalHold, people: Mapping[UUID, User], today: date, *, sees_why: bool
) -> HoldRow:
    person = people.get(hold.placed_by)
    return HoldRow(
        id=hold.id,
        what=LegalHold.Scope(hold.scope).label,
        call_id=hold.call_id,
        since=hold.since,
        # The page says the last day, not the first one after it.
        until=hold.until and hold.until - timedelta(microseconds=1),
        reason=hold_reason(hold) if sees_why else "",
        placed_by=(person.full_name or person.email) if person else "who has left",
        placed_at=hold.placed_at,
        review_on=hold.review_on,
        is_due=hold.review_on <= today,
    )
