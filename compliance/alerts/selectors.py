"""The only door to a clinic's alerts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F

from accounts.actors import Actor
from accounts.models import User
from accounts.permissions import Permission
from compliance.alerts.errors import AlertNotFoundError
from compliance.alerts.models import SecurityAlert
from compliance.alerts.note import open_note
from compliance.alerts.rules import Rule
from compliance.alerts.words import TITLES, sentence
from compliance.ledger.selectors import name_of

SHOWN_SEEN: Final = 50
# Where in the record one finds what was counted.
_KINDS: Final = {
    Rule.MASS_EXPORT: "looks",
    Rule.NIGHT_REVEALS: "looks",
    Rule.FAILED_SIGN_INS: "comings",
    Rule.NOT_THEIRS: "changes",
    Rule.NEW_PLACE: "comings",
    Rule.OPERATOR_LOOK: "changes",
    Rule.RECORD_CHANGED: "all",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCard:
    """One alert, for a reader.

    Attributes:
        query: What to ask the page of the record for, to see what was counted.
        seen_by: A name; empty while it is open.
        note: Empty for operators.
    """

    id: UUID
    title: str
    words: str
    first_at: datetime
    last_at: datetime
    raised_at: datetime
    query: str
    seen_by: str
    seen_at: datetime | None
    note: str


def count_open() -> int:
    """Return how many alerts of the open scope nobody has looked at."""
    return SecurityAlert.objects.filter(seen_at=None).count()


def list_alerts(*, actor: Actor, now: datetime) -> list[AlertCard]:
    """Return all open alerts and the last that were seen: open ones, newest first.

    Raises:
        PermissionMissingError: If the actor may not see the record.
        WholeClinicError: If they see some calls alone; alerts count those of all.
    """
    actor.require_for_all_calls(Permission.ACCESS_VIEW)
    rows = SecurityAlert.objects.order_by("-last_at", "-id")
    seen = rows.filter(seen_at__isnull=False).order_by(F("seen_at").desc(), "-id")
    found = [*rows.filter(seen_at=None), *seen[:SHOWN_SEEN]]
    # A note may name a caller, and nobody of ours reads one.
    return _shape(found, now, reads_notes=actor.kind != "operator")


def get_alert_for_update(*, actor: Actor, alert_id: UUID) -> SecurityAlert:
    """Return one alert of the clinic, locked until the transaction ends.

    Raises:
        AlertNotFoundError: If there is none, or it is another clinic's.
        PermissionMissingError: If the actor may not see the record.
        WholeClinicError: If they see some calls alone; alerts count those of all.
    """
    row = SecurityAlert.objects.select_for_update().filter(pk=alert_id).first()
    if row is None:
        raise AlertNotFoundError
    actor.require_for_all_calls(Permission.ACCESS_VIEW)
    return row


def _shape(
    rows: Iterable[SecurityAlert], now: datetime, *, reads_notes: bool
) -> list[AlertCard]:
    found = list(rows)
    asked = {one.actor_id for one in found} | {one.seen_by_id for one in found}
    people = User.objects.in_bulk({one for one in asked if one is not None})
    return [
        _card(row, people, now, note=open_note(row) if reads_notes else "")
        for row in found
    ]


def _card(
    row: SecurityAlert, people: dict[UUID, User], now: datetime, *, note: str
) -> AlertCard:
    who = name_of(row.actor_kind, row.actor_id, people)
    is_seen = row.seen_at is not None
    return AlertCard(
        id=row.id,
        title=TITLES[row.rule],
        words=sentence(rule=row.rule, count=row.count, who=who),
        first_at=row.first_at,
        last_at=row.last_at,
        raised_at=row.raised_at,
        query=_query(row, now),
        seen_by=name_of("user", row.seen_by_id, people) if is_seen else "",
        seen_at=row.seen_at,
        note=note,
    )


def _query(row: SecurityAlert, now: datetime) -> str:
    """Return the words of the record's address; it knows spans of days alone."""
    age = (now - row.first_at).days
    days = next((one for one in (1, 7, 30, 90) if age < one), 365)
    person = row.actor_id if row.actor_kind == "user" else ""
    kind = _KINDS[Rule(row.rule)]
    return urlencode({"kind": kind, "days": days, "person": person or ""})
