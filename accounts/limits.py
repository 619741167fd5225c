"""What a limited member sees: the places and receptionists named for them."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from accounts.models import Membership, ObjectGrant, User
from accounts.permissions import WHOLE_CLINIC, Permission

# By the name of the model, as content types have it: ``agent``, ``location``.
Limits = Mapping[str, frozenset[UUID]]


def read_limits(membership: Membership) -> Limits | None:
    """Return the member's limits in the open scope, or None for who has none."""
    if not membership.is_limited:
        return None
    return granted_to(membership.user_id)


def within(
    limits: Limits | None, granted: frozenset[Permission]
) -> frozenset[Permission]:
    """Return what is left of a role under these limits.

    Who could lift limits would have none, and what is of the whole clinic shows more.
    """
    return granted if limits is None else granted - WHOLE_CLINIC


def granted_to(user_id: UUID) -> Limits:
    """Return what is named for the person in the open scope."""
    rows = ObjectGrant.objects.filter(user_id=user_id).values_list(
        "content_type__model", "object_pk"
    )
    return _by_kind(rows)


def _by_kind(rows: Iterable[tuple[str, str]]) -> Limits:
    found: dict[str, set[UUID]] = {}
    for kind, object_id in rows:
        found.setdefault(kind, set()).add(UUID(object_id))
    return {kind: frozenset(ids) for kind, ids in found.items()}


def forget_grants(user: User) -> None:
    """Take away all that is named for the person in the open scope."""
    ObjectGrant.objects.filter(user=user).delete()
