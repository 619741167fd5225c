"""What a person's groups give them (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accounts.permissions import Role

# Stands where a group would, for who is in none of the lines'.
NO_GROUP: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one line gives.

    Attributes:
        group: Of the line; `NO_GROUP` where no line fits.
    """

    role: Role
    group: str


def given_by(
    groups: Iterable[str], role_map: Sequence[Sequence[str]], *, default: str
) -> Given | None:
    """Return what the first line gives whose group the person is in.

    Args:
        role_map: Lines of group and role.
        default: The role of who is in none of them; empty for no role.
    """
    mine = set(groups)
    for group, role in role_map:
        if group in mine and role != Role.OWNER:
            return Given(role=Role(role), group=group)
    if default and default != Role.OWNER:
        return Given(role=Role(default), group=NO_GROUP)
    return None


def carry_limits(
    limits: Mapping[str, list[str]], *, before: set[str], after: set[str]
) -> dict[str, list[str]]:
    """Return the limits of lines that are written anew.

    They go by the group. Where one that has limits is gone, a new one may be the same
    under another name: it begins with nothing to see.

    Args:
        limits: Ids by group, as they were.
        before: The groups that had a line.
        after: Those that have one now.
    """
    kept = {group: ids for group, ids in limits.items() if group in after}
    if len(kept) == len(limits):
        return kept
    return kept | {group: [] for group in after - before}
