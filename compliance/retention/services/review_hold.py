"""Say that a hold is still needed, and when to ask again."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.permissions import Permission
from compliance.retention.errors import HoldNotFoundError, HoldRefusedError
from compliance.retention.models import LegalHold
from compliance.retention.services.place_hold import hold_state
from sondervoice.kernel import audit


@transaction.atomic
def review_hold(
    *, actor: Actor, hold_id: UUID, review_on: date, now: datetime
) -> LegalHold:
    """Keep the hold, to be looked at again on another day.

    Raises:
        PermissionMissingError: If the actor may not hold anything.
        HoldNotFoundError: If there is no such hold, or it was released.
        HoldRefusedError: If the day is past.
    """
    actor.require(Permission.RETENTION_MANAGE)
    standing = LegalHold.objects.select_for_update().filter(released_at=None)
    hold = standing.filter(pk=hold_id).first()
    if hold is None:
        raise HoldNotFoundError
    if review_on < now.date():
        raise HoldRefusedError
    before = hold_state(hold)
    hold.review_on = review_on
    hold.save(update_fields=["review_on"])
    audit.record(
        audit.Entry(
            action="compliance.hold.reviewed",
            organization_id=hold.organization_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind="legal_hold",
            subject_id=hold.id,
            facts=hashes_of(hold.organization_id, before=before, after=hold_state(hold))
            | {
                "scope": LegalHold.Scope(hold.scope),
                "days": (review_on - now.date()).days,
            },
        )
    )
    return hold
