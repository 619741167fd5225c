"""Forget what released holds say of people: the reasons, and whose calls they kept."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from compliance.retention.models import LegalHold
from compliance.retention.services.destroy_words_key import ask_to_destroy
from sondervoice.kernel import audit, tenancy

# For who asks soon after why it was let go.
FORGET_AFTER: Final = timedelta(days=30)


def forget_old_holds(*, organization_id: UUID, now: datetime) -> None:
    """Let one clinic's holds that were released long ago forget; twice is harmless."""
    with tenancy.scope(organization_id):
        _forget(Q(released_at__lte=now - FORGET_AFTER), now=now)


def forget_holds_of(*, caller_index: bytes, now: datetime) -> None:
    """Let released holds on a number that was erased forget, in the open scope."""
    _forget(Q(released_at__isnull=False, caller_index=caller_index), now=now)


def _forget(released: Q, *, now: datetime) -> None:
    holds = LegalHold.objects.select_for_update(no_key=True)
    columns = ("caller_index", "reason_sealed", "release_reason_sealed")
    for hold in holds.filter(released, forgotten_at=None).order_by("id"):
        for column in columns:
            setattr(hold, column, b"")
        hold.forgotten_at = now
        hold.save(update_fields=[*columns, "forgotten_at"])
        ask_to_destroy(organization_id=hold.organization_id, key_id=hold.id)
        audit.record(
            audit.Entry(
                action="compliance.hold.forgotten",
                organization_id=hold.organization_id,
                actor_kind="system",
                actor_id=None,
                subject_kind="legal_hold",
                subject_id=hold.id,
                facts={"scope": LegalHold.Scope(hold.scope)},
            )
        )
