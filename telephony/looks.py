"""Writes down that somebody looked at a page on which callers are named.

One row a page and look, in the transaction of the page itself: if the row cannot be
written, nothing is shown. Pages of the API are pages too.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from accounts.actors import Actor
from sondervoice.kernel import audit
from telephony.call_rows import CallRow

_CALLER = ("caller", "caller_name")


def note_today(*, actor: Actor, waiting: int, calls: int, appointments: int) -> None:
    """Record one look at the page Today."""
    facts = {"waiting": waiting, "calls": calls, "appointments": appointments}
    fields = (*_CALLER, "text", "patient_name")
    _note("telephony.today.viewed", actor, "call", fields, facts)


def note_call_list(*, actor: Actor, rows: list[CallRow], is_narrowed: bool) -> None:
    """Record one look at the call list: how many rows, from which call to which."""
    facts: dict[str, audit.Fact] = {"count": len(rows), "is_narrowed": is_narrowed}
    if rows:
        facts |= {"newest": rows[0].id, "oldest": rows[-1].id}
    _note("telephony.calls.listed", actor, "call", (*_CALLER, "text"), facts)


def note_calls_read(*, actor: Actor, call_ids: Sequence[UUID]) -> None:
    """Record that a page of calls was read through the API: how many, which ends."""
    facts: dict[str, audit.Fact] = {"count": len(call_ids)}
    if call_ids:
        facts |= {"first": call_ids[0], "last": call_ids[-1]}
    _note("telephony.calls.read", actor, "call", ("caller",), facts)


def note_call_read(*, actor: Actor, call_id: UUID) -> None:
    """Record that one call was read through the API."""
    _note("telephony.calls.read", actor, "call", ("caller",), {"count": 1}, call_id)


def note_messages(*, actor: Actor, count: int, is_handled: bool) -> None:
    """Record one look at the page Messages."""
    facts = {"count": count, "is_handled": is_handled}
    fields = ("text", "name", "phone")
    _note("telephony.messages.viewed", actor, "message", fields, facts)


def note_diary(*, actor: Actor, count: int, on: date, today: date) -> None:
    """Record one look at a day of the diary, which is named by its distance."""
    facts = {"count": count, "days_ahead": (on - today).days}
    fields = ("patient_name", "patient_phone")
    _note("scheduling.day.viewed", actor, "appointment", fields, facts)


def note_bin(*, actor: Actor, count: int) -> None:
    """Record one look at the bin."""
    facts = {"count": count}
    fields = (*_CALLER, "name", "phone", "patient_name")
    _note("telephony.bin.viewed", actor, "call", fields, facts)


def note_sought(*, actor: Actor, call_id: UUID | None) -> None:
    """Record that somebody asked by a whole number for its calls, and the newest."""
    facts = {"is_found": call_id is not None}
    _note("telephony.caller.sought", actor, "call", ("caller",), facts, call_id)


def note_caller_looks(*, actor: Actor, call_id: UUID, count: int) -> None:
    """Record one look at who saw the calls of one caller."""
    facts = {"count": count}
    _note("telephony.caller_looks.viewed", actor, "call", _CALLER, facts, call_id)


def _note(
    action: str,
    actor: Actor,
    subject_kind: str,
    fields: tuple[str, ...],
    facts: Mapping[str, audit.Fact],
    subject_id: UUID | None = None,
) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=actor.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind=subject_kind,
            subject_id=subject_id,
            fields=fields,
            facts=facts,
        )
    )
