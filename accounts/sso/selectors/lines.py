"""The lines of a directory: which group has which role, and whose calls it sees."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from accounts.limit_choices import find_named
from accounts.sso.errors import SsoLineNotFoundError
from accounts.sso.models import SsoConnection
from accounts.sso.role_map import NO_GROUP


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the people of one group are.

    Attributes:
        number: Its place among the lines, from 1; 0 is who is in none of the groups.
        group: Of the line; empty for number 0.
        limited_to: Ids of what they see the calls of, and that is still there; None
            for all calls.
    """

    number: int
    group: str
    role: str
    limited_to: Collection[str] | None


def list_lines(connection: SsoConnection) -> list[Line]:
    """Return the lines, then who is in none of the groups, if they may come in."""
    found = [
        (number, group, role)
        for number, (group, role) in enumerate(connection.role_map, start=1)
    ]
    if connection.default_role:
        found.append((0, NO_GROUP, connection.default_role))
    limits = {group: connection.limited_to(group) for _, group, _ in found}
    there = _there(one for ids in limits.values() for one in ids or ())
    return [
        Line(
            number=number,
            group=group,
            role=role,
            limited_to=_left(limits[group], there),
        )
        for number, group, role in found
    ]


def get_line(connection: SsoConnection, *, number: int) -> Line:
    """Return one of them.

    Raises:
        SsoLineNotFoundError: If there is none of this number.
    """
    for line in list_lines(connection):
        if line.number == number:
            return line
    raise SsoLineNotFoundError


def _there(ids: Iterable[UUID]) -> set[UUID]:
    wanted = set(ids)
    return {one.pk for one in find_named(wanted)} if wanted else set()


def _left(named: Collection[UUID] | None, there: set[UUID]) -> list[str] | None:
    return None if named is None else [str(one) for one in named if one in there]
