"""Ends the keys that a person may not answer for any more, wherever they are."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.actors import Actor
from accounts.machines.models import ApiKeyRule
from accounts.machines.services.settle_keys import settle_keys
from accounts.operators.reading import rows_of
from accounts.permissions import Permission
from sondervoice.kernel import tenancy


def end_far_keys(*, operator_id: UUID, of_user_id: UUID, now: datetime) -> int:
    """End them in each clinic; return how many ended.

    Call it after the person lost their power, while the door to all clinics' rows is
    open.
    """
    theirs = Q(kept_by=of_user_id) | Q(kept_by=None, made_by=of_user_id)
    rules = rows_of(ApiKeyRule).filter(theirs, key__revoked_at=None)
    places = set(rules.values_list("organization_id", flat=True))
    nothing: frozenset[Permission] = frozenset()
    ended = 0
    for organization_id in sorted(places):
        with tenancy.scope(organization_id):
            operator = Actor(
                kind="operator",
                id=operator_id,
                organization_id=organization_id,
                permissions=nothing,
            )
            ended += settle_keys(actor=operator, user_id=of_user_id, now=now)
    return ended
