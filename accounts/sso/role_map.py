"""Which role a person's groups give them (pure)."""

from collections.abc import Iterable, Sequence

from accounts.permissions import Role


def role_for(
    groups: Iterable[str], role_map: Sequence[Sequence[str]], *, default: str
) -> Role | None:
    """Return the role of the first line whose group the person is in.

    Args:
        role_map: Lines of group and role.
        default: For who is in none of them; empty for no role.
    """
    mine = set(groups)
    for group, role in role_map:
        if group in mine and role != Role.OWNER:
            return Role(role)
    return Role(default) if default and default != Role.OWNER else None
