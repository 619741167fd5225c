"""What lies in the bin, shaped for the page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from accounts.actors import Actor
from accounts.models import User
from telephony.bin.kinds import Kind
from telephony.bin.selectors.binned import get_binned, list_binned, list_held
from telephony.messages.selectors.message_rows import shape_messages
from telephony.scheduling.selectors.appointment_rows import shape_appointments
from telephony.selectors.callers import find_sealer, read_caller
from telephony.selectors.sight import Sight

SHOWN_AT_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BinnedRow:
    """One thing in the bin.

    Attributes:
        who: The caller or patient, as far as the reader may know.
        at: When the call or the visit was, or the message left.
        may_return: It can still be brought back.
        is_held: A legal hold keeps it from being erased.
    """

    kind: str
    id: UUID
    who: str
    at: datetime
    deleted_at: datetime
    deleted_by: str
    restorable_until: datetime
    may_return: bool
    is_held: bool

    @property
    def kinds(self) -> str:
        """Return the kind as addresses say it."""
        return f"{self.kind}s"


Shaped = Iterable[tuple[str, datetime]]


def read_bin(*, actor: Actor, now: datetime, sight: Sight) -> list[BinnedRow]:
    """Return what was deleted last, at most `SHOWN_AT_MOST` of each kind.

    Raises:
        PermissionMissingError: If the actor may not delete.
    """
    found: list[BinnedRow] = []
    for kind in Kind:
        rows = list(list_binned(actor=actor, kind=kind)[:SHOWN_AT_MOST])
        found += _shaped(actor, kind, rows, sight=sight, now=now)
    return sorted(found, key=lambda row: row.deleted_at, reverse=True)


def read_binned(
    *, actor: Actor, kind: Kind, row_id: UUID, now: datetime, sight: Sight
) -> BinnedRow:
    """Return one thing in the bin.

    Raises:
        PermissionMissingError: If the actor may not delete.
        RowNotFoundError: If no such thing lies in the clinic's bin.
    """
    row = get_binned(actor=actor, kind=kind, row_id=row_id)
    return _shaped(actor, kind, [row], sight=sight, now=now)[0]


def _shaped(
    actor: Actor, kind: Kind, rows: list[Any], *, sight: Sight, now: datetime
) -> list[BinnedRow]:
    held = list_held(actor=actor, kind=kind) if rows else set()
    people = User.objects.in_bulk({row.deleted_by for row in rows})
    return [
        _row(kind, row, who, at, people=people, is_held=row.id in held, now=now)
        for row, (who, at) in zip(rows, _SHAPES[kind](actor, rows, sight), strict=True)
    ]


def _row(
    kind: Kind,
    row: Any,
    who: str,
    at: datetime,
    *,
    people: Mapping[UUID, User],
    is_held: bool,
    now: datetime,
) -> BinnedRow:
    person = people.get(row.deleted_by)
    return BinnedRow(
        kind=kind.value,
        id=row.id,
        who=who,
        at=at,
        deleted_at=row.deleted_at,
        deleted_by=(person.full_name or person.email) if person else "who has left",
        restorable_until=row.restorable_until,
        may_return=row.restorable_until > now,
        is_held=is_held,
    )


def _calls(actor: Actor, rows: list[Any], sight: Sight) -> Shaped:
    for call in rows:
        caller = read_caller(
            actor=actor, call=call, sealer=find_sealer(call), sight=sight
        )
        yield caller.title, call.started_at


def _messages(actor: Actor, rows: list[Any], sight: Sight) -> Shaped:
    for row in shape_messages(actor=actor, messages=rows, sight=sight):
        yield row.title, row.left_at


def _appointments(actor: Actor, rows: list[Any], sight: Sight) -> Shaped:
    for row in shape_appointments(actor=actor, appointments=rows, sight=sight):
        yield row.patient, row.starts_at


_SHAPES: Final[Mapping[Kind, Callable[[Actor, list[Any], Sight], Shaped]]] = {
    Kind.CALL: _calls,
    Kind.MESSAGE: _messages,
    Kind.APPOINTMENT: _appointments,
}
