"""Role by permission and role by address, as a page, CSV and JSON show it (pure)."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from accounts.permissions import MEANINGS, ROLE_GRANTS, Permission, Role
from accounts.roles.selectors.custom_roles import CustomRoleRow
from accounts.roles.selectors.endpoints import Endpoint

# A spreadsheet would take a cell that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

# How a file answers whether a role may.
_ANSWERS: Final = {True: "yes", False: "no", None: "see reason"}
# Pages that are there for no role of a clinic.
_OPERATORS: Final = "/admin/"

# What a path begins with, and under which heading a page shows it.
_AREAS: Final = (
    ("Everyday pages and settings", ("/app/",)),
    ("Signing in and accounts", ("/accounts/", "/preferences/", "/sso/")),
    ("The API", ("/api/",)),
    ("Operators of SonderVoice", (_OPERATORS,)),
    ("Machines and the rest", ("/",)),
)

Grants = Mapping[str, frozenset[Permission]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: what is asked for, and for each role whether it may.

    Attributes:
        what: A sentence for a permission, the route of an address.
        kind: ``permission``, ``page``, ``api`` or ``socket``.
        permission: Empty when no role is asked.
        may: In the order of the roles; null where no role is asked and the reason
            says who comes in.
    """

    kind: str
    what: str
    permission: str
    public_because: str
    may: tuple[bool | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All of it."""

    roles: tuple[str, ...]
    permissions: tuple[Line, ...]
    endpoints: tuple[Line, ...]

    @property
    def titles(self) -> list[str]:
        """The roles as a page writes them."""
        return [role.replace("_", " ") for role in self.roles]

    @property
    def areas(self) -> list[tuple[str, list[Line]]]:
        """The addresses under their headings, each under the first that fits."""
        found: dict[str, list[Line]] = {heading: [] for heading, _ in _AREAS}
        for line in self.endpoints:
            found[_heading(line)].append(line)
        return [(heading, lines) for heading, lines in found.items() if lines]


def _heading(line: Line) -> str:
    path = "/" + line.what.rpartition(" ")[2].lstrip("/")
    return next(heading for heading, starts in _AREAS if path.startswith(starts))


def grants_of(custom_roles: Sequence[CustomRoleRow]) -> Grants:
    """Return what each role holds: ours, then the clinic's own."""
    ours = {role.value: held for role, held in ROLE_GRANTS.items()}
    return ours | {role.name: role.permissions for role in custom_roles}


def make_matrix(grants: Grants, endpoints: Sequence[Endpoint]) -> Matrix:
    """Return the matrix of these roles and addresses."""
    return Matrix(
        roles=tuple(grants),
        permissions=tuple(
            Line(
                kind="permission",
                what=MEANINGS[one],
                permission=one.value,
                public_because="",
                may=tuple(one in held for held in grants.values()),
            )
            for one in Permission
        ),
        endpoints=tuple(_line(one, grants) for one in endpoints),
    )


def _line(endpoint: Endpoint, grants: Grants) -> Line:
    wanted = endpoint.permission
    return Line(
        kind=endpoint.kind.value,
        what=f"{endpoint.verb} {endpoint.route}".strip(),
        permission=wanted.value if wanted else "",
        public_because=endpoint.public_because,
        may=tuple(
            _may(endpoint, role=role, held=held) for role, held in grants.items()
        ),
    )


def _may(endpoint: Endpoint, *, role: str, held: frozenset[Permission]) -> bool | None:
    if endpoint.permission is not None:
        return endpoint.permission in held
    is_operators = endpoint.route.startswith(_OPERATORS)
    return False if is_operators and role != Role.SYSTEM_OPERATOR else None


def as_csv(matrix: Matrix) -> str:
    """Return the matrix as CSV; no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    head = ["kind", "what", "permission", "public because", *matrix.roles]
    writer.writerow([neutral(cell) for cell in head])
    for line in (*matrix.permissions, *matrix.endpoints):
        cells = [line.kind, line.what, line.permission, line.public_because]
        answers = [_ANSWERS[may] for may in line.may]
        writer.writerow([*map(neutral, cells), *answers])
    return out.getvalue()


def neutral(cell: str) -> str:
    """Return the cell as text that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_json(matrix: Matrix) -> dict[str, Any]:
    """Return the matrix as plain values."""
    return {
        "roles": list(matrix.roles),
        "permissions": [_plain(line, matrix) for line in matrix.permissions],
        "endpoints": [_plain(line, matrix) for line in matrix.endpoints],
    }


def _plain(line: Line, matrix: Matrix) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "what": line.what,
        "permission": line.permission or None,
        "public_because": line.public_because or None,
        # Null where no role is asked, and the reason says who comes in.
        "roles": None if None in line.may else _roles(line, matrix),
    }


def _roles(line: Line, matrix: Matrix) -> list[str]:
    return [role for role, may in zip(matrix.roles, line.may, strict=True) if may]
