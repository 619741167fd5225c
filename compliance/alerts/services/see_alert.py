"""Say that one has looked at an alert."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from compliance.alerts.note import seal_note
from compliance.alerts.selectors import get_alert_for_update
from sondervoice.kernel import audit

NOTE_AT_MOST: Final = 500


@transaction.atomic
def see_alert(*, actor: Actor, alert_id: UUID, note: str, now: datetime) -> None:
    """Close an open alert; whoever says it second changes nothing.

    Args:
        actor: A person of the clinic who may see the record.
        alert_id: Of one of the clinic's.
        note: What came of it, in the person's own words, or nothing.
        now: Of the saying.

    Raises:
        AlertNotFoundError: If there is none, or it is another clinic's.
        PermissionMissingError: If the actor may not see the record.
        WholeClinicError: If they see some calls alone.
    """
    row = get_alert_for_update(actor=actor, alert_id=alert_id)
    if row.seen_at is not None:
        return
    said = note.strip()[:NOTE_AT_MOST]
    row.seen_at, row.seen_by_id = now, actor.id
    row.note_sealed = seal_note(row, said, now=now) if said else None
    row.save(update_fields=["seen_at", "seen_by", "note_sealed"])
    audit.record(
        audit.Entry(
            action="compliance.alert.seen",
            organization_id=row.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="security_alert",
            subject_id=row.id,
            facts={"has_note": bool(said)},
        )
    )
