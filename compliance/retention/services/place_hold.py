"""Hold data back from every erasure, and let it go again."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.permissions import Permission
from compliance.keys.keys import keys
from compliance.retention.errors import (
    HeldCallNotFoundError,
    HoldNotFoundError,
    HoldRefusedError,
)
from compliance.retention.events import hold_released
from compliance.retention.locks import decide_alone
from compliance.retention.models import LegalHold
from compliance.retention.sealed import seal_reason_anew, seal_words
from sondervoice.kernel import audit
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.personal_data import OfCall, holders

REASON_AT_MOST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be held; exactly what its scope needs is set.

    Attributes:
        caller_e164: For `CALLER`; kept as a blind index alone.
        until: Exclusive.
    """

    scope: LegalHold.Scope
    call_id: UUID | None = None
    caller_e164: str = ""
    since: datetime | None = None
    until: datetime | None = None
    reason: str
    review_on: date

    @property
    def is_whole(self) -> bool:
        """Return whether it says what it covers and why."""
        covers = {
            LegalHold.Scope.CALL: self.call_id is not None,
            LegalHold.Scope.CALLER: bool(self.caller_e164),
            LegalHold.Scope.PERIOD: self.since is not None
            and self.until is not None
            and self.since < self.until,
            LegalHold.Scope.ALL: True,
        }
        return covers[self.scope] and 0 < len(self.reason.strip()) <= REASON_AT_MOST


@transaction.atomic
def place_hold(*, actor: Actor, wanted: Wanted, now: datetime) -> LegalHold:
    """Hold it from this moment; a batch that is being erased is waited for.

    Raises:
        PermissionMissingError: If the actor may not hold anything.
        HoldRefusedError: If it does not say what it covers or why, or is to be looked
            at again in the past.
        HeldCallNotFoundError: If it is of a call of which the clinic has nothing.
    """
    actor.require(Permission.RETENTION_MANAGE)
    if not wanted.is_whole or wanted.review_on < now.date():
        raise HoldRefusedError
    decide_alone(actor.organization_id)
    if wanted.scope == LegalHold.Scope.CALL and not _has_anything_of(wanted.call_id):
        raise HeldCallNotFoundError(kind="call", thing_id=wanted.call_id)
    hold = LegalHold(
        id=uuid7(),
        organization_id=actor.organization_id,
        scope=wanted.scope,
        review_on=wanted.review_on,
        placed_at=now,
        placed_by=actor.id,
    )
    _cover(hold, wanted)
    hold.reason_sealed = seal_words(
        wanted.reason, hold=hold, column="reason_sealed", now=now
    )
    hold.save(force_insert=True)
    _record("compliance.hold.placed", actor, hold, before=None, after=hold_state(hold))
    return hold


def _has_anything_of(call_id: UUID | None) -> bool:
    """Return whether anybody keeps something of this call in the open clinic."""
    return call_id is not None and any(
        holder.has_due(OfCall(call_id), holds=()) for holder in holders()
    )


def _cover(hold: LegalHold, wanted: Wanted) -> None:
    """Write what its scope needs and nothing else that came along."""
    if wanted.scope == LegalHold.Scope.CALL:
        hold.call_id = wanted.call_id
    if wanted.scope == LegalHold.Scope.CALLER:
        hold.caller_index = keys().index(
            hold.organization_id, kind="phone", value=wanted.caller_e164
        )
    if wanted.scope == LegalHold.Scope.PERIOD:
        hold.since, hold.until = wanted.since, wanted.until


@transaction.atomic
def release_hold(
    *, actor: Actor, hold_id: UUID, reason: str, now: datetime
) -> LegalHold:
    """Let go what was held; what is past its date goes in the night.

    Raises:
        PermissionMissingError: If the actor may not hold anything.
        HoldNotFoundError: If there is no such hold, or it was released.
        HoldRefusedError: If no reason is given.
    """
    actor.require(Permission.RETENTION_MANAGE)
    standing = LegalHold.objects.select_for_update().filter(released_at=None)
    hold = standing.filter(pk=hold_id).first()
    if hold is None:
        raise HoldNotFoundError
    if not 0 < len(reason.strip()) <= REASON_AT_MOST:
        raise HoldRefusedError
    hold.released_at, hold.released_by = now, actor.id
    hold.release_reason_sealed = seal_words(
        reason, hold=hold, column="release_reason_sealed", now=now
    )
    seal_reason_anew(hold, now=now)
    words = ("reason_sealed", "release_reason_sealed")
    hold.save(update_fields=["released_at", "released_by", *words])
    _record(
        "compliance.hold.released", actor, hold, before=hold_state(hold), after=None
    )
    hold_released.send(organization_id=hold.organization_id, hold_id=hold.id)
    return hold


def hold_state(hold: LegalHold) -> dict[str, object]:
    """Return all that says what is held, and until when without a look."""
    return {
        "scope": hold.scope,
        "call": hold.call_id,
        "caller": bytes(hold.caller_index or b"").hex(),
        "since": hold.since and hold.since.astimezone(UTC).isoformat(),
        "until": hold.until and hold.until.astimezone(UTC).isoformat(),
        "review_on": hold.review_on,
    }


def _record(
    action: str,
    actor: Actor,
    hold: LegalHold,
    *,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=hold.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="legal_hold",
            subject_id=hold.id,
            facts={"scope": LegalHold.Scope(hold.scope)}
            | hashes_of(hold.organization_id, before=before, after=after),
        )
    )
