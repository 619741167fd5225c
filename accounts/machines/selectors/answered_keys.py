"""For which keys a person answers, and which are more than they may answer for."""

from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.machines.models import ApiKeyRule
from accounts.machines.services.make_key import scopes_now
from accounts.models import ApiKey


def keys_answered_for(*, user_id: UUID | None) -> QuerySet[ApiKey]:
    """Return the keys of the open clinic that have not ended, the newest first.

    Args:
        user_id: Of whoever made or last kept them; None is everybody.
    """
    found = (
        ApiKey.objects.select_related("rule")
        .filter(revoked_at=None)
        .annotate(answered_by=Coalesce(F("rule__kept_by"), F("rule__made_by")))
    )
    who = Q(answered_by__isnull=False) if user_id is None else Q(answered_by=user_id)
    return found.filter(who).order_by("-created_at", "-id")


def answerer_of(key: ApiKey) -> UUID:
    """Return who answers for a key that `keys_answered_for` found."""
    rule: ApiKeyRule = key.rule
    found = rule.kept_by_id or rule.made_by_id
    assert found is not None  # noqa: S101 -- else it would not have been found
    return found


def may_answer_for(key: ApiKey, *, user_id: UUID) -> bool:
    """Return whether the person could make such a key today."""
    held = scopes_now(user_id=user_id, organization_id=key.organization_id)
    return held is not None and set(key.scopes) <= set(held)
