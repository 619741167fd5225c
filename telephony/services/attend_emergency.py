"""Say that somebody has seen to an emergency that left no message, or take it back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from sondervoice.kernel import audit
from telephony.models import Call
from telephony.selectors.calls import get_emergency_for_update


@transaction.atomic
def attend_emergency(*, actor: Actor, call_id: UUID, now: datetime) -> Call:
    """Say that the actor has seen to the emergency, so that it waits no longer.

    Doing so twice is harmless: the first person and time stand.

    Raises:
        CallNotFoundError: If it is not one of the clinic's emergencies.
        PermissionMissingError: If the actor may not handle messages.
    """
    call = get_emergency_for_update(actor=actor, call_id=call_id)
    if call.attended_at is not None:
        return call
    call.attended_at = now
    call.attended_by_id = actor.id
    call.save(update_fields=["attended_at", "attended_by"])
    _record("telephony.emergency.attended", actor, call)
    return call


@transaction.atomic
def reopen_emergency(*, actor: Actor, call_id: UUID) -> Call:
    """Make the emergency wait for a person again; doing so twice is harmless.

    Raises:
        CallNotFoundError: If it is not one of the clinic's emergencies.
        PermissionMissingError: If the actor may not handle messages.
    """
    call = get_emergency_for_update(actor=actor, call_id=call_id)
    if call.attended_at is None:
        return call
    call.attended_at = None
    call.attended_by = None
    call.save(update_fields=["attended_at", "attended_by"])
    _record("telephony.emergency.reopened", actor, call)
    return call


def _record(action: str, actor: Actor, call: Call) -> None:
    audit.record(
        audit.Entry(
            action=action,
            organization_id=call.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="call",
            subject_id=call.id,
            fields=("attended_at", "attended_by"),
        )
    )
