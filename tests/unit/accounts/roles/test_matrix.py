import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.permissions import Permission
from accounts.roles.matrix import (
    Matrix,
    as_csv,
    as_json,
    grants_of,
    make_matrix,
    neutral,
)
from accounts.roles.selectors.endpoints import Endpoint, EndpointKind


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"]
)
class TestFormula:
    def test_is_neutralised(self, cell: str):
        assert neutral(cell) == f"'{cell}"


class TestCsv:
    @given(st.lists(st.text(min_size=1), max_size=4, unique=True))
    def test_holds_no_cell_that_a_spreadsheet_runs(self, names: list[str]):
        matrix = Matrix(roles=tuple(names), permissions=(), endpoints=())

        (head,) = csv.reader(io.StringIO(as_csv(matrix), newline=""))

        assert len(head) == 4 + len(names)
        assert [cell for cell in head if cell[:1] in set("=+-@\t\r")] == []


class TestMatrix:
    def test_has_a_line_for_each_permission_and_address(self):
        endpoint = Endpoint(
            route="/app/",
            name="telephony:today",
            kind=EndpointKind.PAGE,
            permission=Permission.CALLS_VIEW,
            public_because="",
        )

        matrix = make_matrix(grants_of([]), [endpoint])

        assert len(matrix.permissions) == len(Permission)
        (line,) = matrix.endpoints
        allowed = dict(zip(matrix.roles, line.may, strict=True))
        assert [role for role, may in allowed.items() if not may] == ["billing"]

    def test_refers_to_the_reason_where_no_role_is_asked(self):
        matrix = make_matrix(
            grants_of([]), [_public("/accounts/agency/", "agency", "their own alone")]
        )

        *_, (_, _, _, reason, *answers) = csv.reader(io.StringIO(as_csv(matrix)))
        assert reason == "their own alone"
        assert answers == ["see reason"] * len(matrix.roles)
        (line,) = as_json(matrix)["endpoints"]
        assert line["roles"] is None

    def test_opens_no_page_of_operators_to_a_role_of_a_clinic(self):
        matrix = make_matrix(
            grants_of([]), [_public("/admin/people/", "admin:people", "operators")]
        )

        *_, (_, _, _, _, *answers) = csv.reader(io.StringIO(as_csv(matrix)))
        told = dict(zip(matrix.roles, answers, strict=True))
        assert told.pop("system_operator") == "see reason"
        assert set(told.values()) == {"no"}
        (line,) = as_json(matrix)["endpoints"]
        assert line["roles"] is None

    def test_puts_each_address_under_one_heading(self):
        routes = ["/app/calls/", "/api/v1/calls/", "/accounts/login/", "/healthz"]
        endpoints = [
            Endpoint(
                route=route,
                name="",
                kind=EndpointKind.PAGE,
                permission=Permission.CALLS_VIEW,
                public_because="",
                verb="POST" if route.startswith("/api/") else "",
            )
            for route in routes
        ]

        areas = make_matrix(grants_of([]), endpoints).areas

        assert [
            (heading, [line.what for line in lines]) for heading, lines in areas
        ] == [
            ("Everyday pages and settings", ["/app/calls/"]),
            ("Signing in and accounts", ["/accounts/login/"]),
            ("The API", ["POST /api/v1/calls/"]),
            ("Machines and the rest", ["/healthz"]),
        ]


def _public(route: str, name: str, because: str) -> Endpoint:
    return Endpoint(
        route=route,
        name=name,
        kind=EndpointKind.PAGE,
        permission=None,
        public_because=because,
    )
