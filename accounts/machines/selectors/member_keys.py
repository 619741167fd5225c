"""The keys that go with a member, as the pages that let them go show them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.machines.selectors.answered_keys import keys_answered_for, may_answer_for
from accounts.machines.selectors.key_rows import KeyRow, key_row
from accounts.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberKeys:
    """The keys that one person answers for in the open clinic.

    Attributes:
        count: How many there are, also for who may not see keys.
        rows: The keys; empty for who may not see them.
        may_keep: Whether who looks sees them all and could answer for each.
    """

    count: int
    rows: list[KeyRow]
    may_keep: bool


def member_keys(*, actor: Actor, user_id: UUID, now: datetime) -> MemberKeys:
    """Return the keys that the person answers for."""
    keys = list(keys_answered_for(user_id=user_id))
    may_see = actor.may(Permission.KEYS_VIEW)
    return MemberKeys(
        count=len(keys),
        rows=[key_row(one, now=now) for one in keys] if may_see else [],
        may_keep=may_see
        and user_id != actor.id
        and actor.may(Permission.KEYS_MANAGE)
        and all(may_answer_for(one, user_id=actor.id) for one in keys),
    )
