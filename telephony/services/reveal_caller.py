"""Show somebody who called, for a reason and a quarter of an hour."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Organization
from accounts.permissions import Permission
from accounts.second_factor.freshness import require_fresh_factor
from compliance.keys.call_sealer import sealer_for_call
from compliance.keys.store import KeyGoneError
from compliance.rights.selectors.marks import require_unrestricted
from sondervoice.kernel import audit
from sondervoice.kernel.ids import uuid7
from telephony.errors import (
    CallNotFoundError,
    NoteNotKeptError,
    ReasonMissingError,
)
from telephony.models import Call, Reveal
from telephony.selectors.calls import get_call

SHOWN_FOR: Final = timedelta(minutes=15)
NOTE_AT_MOST: Final = 200


@transaction.atomic
def reveal_caller(
    *, actor: Actor, call_id: UUID, reason: str, note: str, now: datetime
) -> Reveal:
    """Let the actor see name, number and words of one call until `SHOWN_FOR` is over.

    The reason is a word of ours and stands in the record; the note is the person's own
    words and is sealed with the call, so that it goes when the call goes.

    Raises:
        CallNotFoundError: If the call is not one of the clinic's, or was erased.
        PermissionMissingError: If the actor may not reveal.
        RestrictedError: If the caller asked that their data is not used.
        ReasonMissingError: If the reason is none of ours, or another one is not said.
        SecondFactorStaleError: In HIPAA mode, if not shown in the last five minutes.
        NoteNotKeptError: If something is said and what was taken down is erased.
    """
    call = get_call(actor=actor, call_id=call_id)
    actor.require(Permission.CALLERS_REVEAL)
    _require_factor(actor, now)
    require_unrestricted(call.caller_index)
    said = note.strip()[:NOTE_AT_MOST]
    if reason not in Reveal.Reason.values or (
        reason == Reveal.Reason.OTHER and not said
    ):
        raise ReasonMissingError
    row = Reveal(
        id=uuid7(),
        organization_id=call.organization_id,
        call=call,
        actor_id=actor.id,
        reason=reason,
        revealed_at=now,
        ends_at=now + SHOWN_FOR,
    )
    if said:
        _require_notes_kept(call_id)
    row.note_sealed = _sealed(row, said)
    row.save(force_insert=True)
    _record(actor, row)
    return row


def _require_factor(actor: Actor, now: datetime) -> None:
    if Organization.objects.get(pk=actor.organization_id).hipaa_mode:
        require_fresh_factor(actor, now=now)


def _require_notes_kept(call_id: UUID) -> None:
    """Let a note be written, or refuse; no erasure passes it by until we commit."""
    calls = Call.objects.select_for_update(of=("self",), no_key=True)
    if calls.filter(pk=call_id, fields_erased_at=None).first() is None:
        raise NoteNotKeptError


def _record(actor: Actor, row: Reveal) -> None:
    audit.record(
        audit.Entry(
            action="telephony.caller.revealed",
            organization_id=row.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="call",
            subject_id=row.call_id,
            fields=("caller", "caller_name", "text"),
            facts={"reason": Reveal.Reason(row.reason), "reveal": row.id},
        )
    )


def _sealed(row: Reveal, note: str) -> bytes:
    try:
        sealer = sealer_for_call(
            organization_id=row.organization_id, call_id=row.call_id
        )
    except KeyGoneError:
        raise CallNotFoundError from None
    return sealer.seal(
        note, table=Reveal._meta.db_table, column="note_sealed", row_id=row.id
    )
