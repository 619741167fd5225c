"""Forget what was noted of alerts: it may name somebody, a caller too."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from compliance.alerts.models import SecurityAlert
from compliance.retention.services.destroy_words_key import ask_to_destroy
from sondervoice.kernel import audit, tenancy

FORGET_AFTER: Final = timedelta(days=90)


def forget_old_notes(*, organization_id: UUID, now: datetime) -> None:
    """Empty one clinic's notes that were written long ago; twice is harmless.

    Their keys are destroyed once this is committed.
    """
    with tenancy.scope(organization_id):
        due = SecurityAlert.objects.filter(
            note_sealed__isnull=False, seen_at__lte=now - FORGET_AFTER
        )
        ids = list(
            due.select_for_update(no_key=True)
            .order_by("id")
            .values_list("id", flat=True)
        )
        if not ids:
            return
        SecurityAlert.objects.filter(id__in=ids).update(note_sealed=None)
        for alert_id in ids:
            ask_to_destroy(organization_id=organization_id, key_id=alert_id)
        audit.record(
            audit.Entry(
                action="compliance.alert_notes.forgotten",
                organization_id=organization_id,
                actor_kind="system",
                actor_id=None,
                subject_kind="security_alert",
                subject_id=None,
                fields=("note",),
                facts={"count": len(ids)},
            )
        )
