import pytest

from accounts.permissions import Role
from sondervoice.kernel.ids import uuid7
from tests.cast import Cast, join, make_person
from tests.integration.accounts.machines.conftest import (
    Program,
    code_now,
    give_factor,
    make_machine,
    program_of,
)
from tests.integration.accounts.machines.people import (
    actions,
    epoch,
    make_role,
    membership,
    standing,
)

KEY = {"Idempotency-Key": "7c1b1d2e-0c0e-4a55-8a53-d1a3ae4d0f7b"}


def _path(cast: Cast, user) -> str:
    clinic = cast.birch if user == cast.dot else cast.alder
    return f"members/{membership(clinic, user).id}/"


@pytest.fixture
def maxs(cast: Cast) -> Program:
    """A program of Max's, an administrator."""
    admin = make_person("Max Mann", "max@alder-clinic.example")
    join(cast.alder, admin, Role.ADMINISTRATOR)
    give_factor(admin)
    return program_of(admin, code=code_now())


class TestChangingARole:
    def test_gives_the_role_and_ends_what_the_member_had(
        self, cast: Cast, adas: Program, bens: Program
    ):
        answer = adas.ask("PATCH", _path(cast, cast.ben), {"role": "clinician"})

        assert (answer.status_code, answer.json()) == (
            200,
            {
                "id": str(membership(cast.alder, cast.ben).id),
                "role": "clinician",
                "custom_role": None,
            },
        )
        assert standing(cast.alder, cast.ben) == ("clinician", None, True)
        assert bens.get("calls/").status_code == 401
        assert actions(cast.alder) == ["accounts.membership.role_changed"]

    def test_takes_the_id_of_a_role_of_the_clinics_own(self, cast: Cast, adas: Program):
        role = make_role(cast.alder, "calls.view")

        answer = adas.ask("PATCH", _path(cast, cast.ben), {"role": str(role.id)})

        assert answer.json()["custom_role"] == str(role.id)
        assert standing(cast.alder, cast.ben) == ("viewer", str(role.id), True)

    def test_is_done_once_a_key(self, cast: Cast, adas: Program):
        path, body = _path(cast, cast.ben), {"role": "clinician"}

        first = adas.ask("PATCH", path, body, **KEY)
        second = adas.ask("PATCH", path, body, **KEY)

        assert first.status_code == second.status_code == 200
        assert first.content == second.content
        assert second.headers["Idempotent-Replayed"] == "true"
        assert epoch(cast.ben) == 1
        assert actions(cast.alder) == ["accounts.membership.role_changed"]

    @pytest.mark.parametrize("role", ["wizard", "agency_administrator", "foreign"])
    def test_finds_no_role_that_the_clinic_has_not(
        self, cast: Cast, adas: Program, role: str
    ):
        foreign = make_role(cast.birch, "calls.view")
        sent = str(foreign.id) if role == "foreign" else role

        answer = adas.ask("PATCH", _path(cast, cast.ben), {"role": sent})

        assert (answer.status_code, answer.json()["code"]) == (404, "role_not_found")
        assert standing(cast.alder, cast.ben) == ("receptionist", None, True)
        assert actions(cast.alder) == ["accounts.role.refused"]

    @pytest.mark.parametrize("field", ["organization", "is_staff", "user", "email"])
    def test_takes_nothing_else(self, cast: Cast, adas: Program, field: str):
        body = {"role": "viewer", field: str(cast.birch.organization.id)}

        answer = adas.ask("PATCH", _path(cast, cast.ben), body)

        assert answer.status_code == 400
        assert answer.json()["errors"] == {field: ["is not known"]}
        assert standing(cast.alder, cast.ben) == ("receptionist", None, True)
        assert actions(cast.alder) == ["accounts.field.refused"]

    def test_that_is_tried_again_and_again_fills_no_record(
        self, cast: Cast, adas: Program
    ):
        for _ in range(12):
            adas.ask("PATCH", _path(cast, cast.ben), {"organization": "x"})

        assert actions(cast.alder) == ["accounts.field.refused"] * 10

    @pytest.mark.parametrize("body", [{}, {"role": ""}, {"role": 1}, {"role": None}])
    def test_needs_a_role(self, cast: Cast, adas: Program, body):
        answer = adas.ask("PATCH", _path(cast, cast.ben), body)

        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["role"]
        assert standing(cast.alder, cast.ben) == ("receptionist", None, True)

    def test_is_nobodys_own(self, cast: Cast, adas: Program):
        answer = adas.ask("PATCH", _path(cast, cast.ada), {"role": "viewer"})

        assert (answer.status_code, answer.json()["code"]) == (403, "role_not_yours")
        assert standing(cast.alder, cast.ada) == ("owner", None, True)
        assert actions(cast.alder) == ["accounts.role.refused"]

    @pytest.mark.parametrize(("who", "role"), [("cy", "owner"), ("ada", "viewer")])
    def test_of_owners_is_theirs_alone(
        self, cast: Cast, maxs: Program, who: str, role: str
    ):
        member = getattr(cast, who)
        before = standing(cast.alder, member)

        answer = maxs.ask("PATCH", _path(cast, member), {"role": role})

        assert (answer.status_code, answer.json()["code"]) == (403, "role_not_yours")
        assert standing(cast.alder, member) == before
        assert actions(cast.alder) == ["accounts.role.refused"]

    def test_gives_no_more_than_is_held(self, cast: Cast, maxs: Program):
        role = make_role(cast.alder, "callers.view")

        answer = maxs.ask("PATCH", _path(cast, cast.ben), {"role": str(role.id)})

        assert (answer.status_code, answer.json()["code"]) == (403, "role_not_yours")
        assert standing(cast.alder, cast.ben) == ("receptionist", None, True)
        assert actions(cast.alder) == ["accounts.role.refused"]

    def test_of_somebody_who_was_let_go_is_refused(self, cast: Cast, adas: Program):
        path = _path(cast, cast.ben)
        adas.ask("DELETE", path)

        answer = adas.ask("PATCH", path, {"role": "viewer"})

        assert (answer.status_code, answer.json()["code"]) == (409, "member_gone")
        assert standing(cast.alder, cast.ben) == ("receptionist", None, False)


class TestLettingGo:
    def test_ends_membership_and_tokens(self, cast: Cast, adas: Program, bens: Program):
        answer = adas.ask("DELETE", _path(cast, cast.ben))

        assert (answer.status_code, answer.content) == (204, b"")
        assert standing(cast.alder, cast.ben) == ("receptionist", None, False)
        assert bens.get("calls/").status_code == 401
        assert actions(cast.alder) == ["accounts.membership.ended"]

    def test_is_done_once_a_key(self, cast: Cast, adas: Program):
        first = adas.ask("DELETE", _path(cast, cast.ben), **KEY)
        second = adas.ask("DELETE", _path(cast, cast.ben), **KEY)

        assert first.status_code == second.status_code == 204
        assert first.content == second.content == b""
        assert second.headers["Idempotent-Replayed"] == "true"
        assert actions(cast.alder) == ["accounts.membership.ended"]

    def test_keeps_the_last_owner(self, cast: Cast, adas: Program):
        answer = adas.ask("DELETE", _path(cast, cast.ada))

        assert (answer.status_code, answer.json()["code"]) == (422, "last_owner")
        assert standing(cast.alder, cast.ada) == ("owner", None, True)
        assert adas.get("calls/").status_code == 200
        assert actions(cast.alder) == ["accounts.role.refused"]


@pytest.mark.parametrize(
    ("verb", "body"), [("PATCH", {"role": "viewer"}), ("DELETE", None)]
)
class TestEveryWrite:
    def test_is_not_for_the_desk(self, cast: Cast, bens: Program, verb, body):
        answer = bens.ask(verb, _path(cast, cast.cy), body)

        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
        assert standing(cast.alder, cast.cy) == ("auditor", None, True)
        assert actions(cast.alder) == []

    def test_is_not_for_a_machine(self, cast: Cast, verb, body):
        machine = make_machine(cast, "members:read")

        assert machine.ask(verb, _path(cast, cast.cy), body).status_code == 403
        assert standing(cast.alder, cast.cy) == ("auditor", None, True)

    def test_is_not_for_a_stranger(self, cast: Cast, verb, body):
        assert Program("").ask(verb, _path(cast, cast.cy), body).status_code == 401
        assert standing(cast.alder, cast.cy) == ("auditor", None, True)

    def test_finds_nobody_of_another_clinic(
        self, cast: Cast, adas: Program, verb, body
    ):
        theirs = adas.ask(verb, _path(cast, cast.dot), body)
        nobodys = adas.ask(verb, f"members/{uuid7()}/", body)

        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.json() == nobodys.json()
        assert standing(cast.birch, cast.dot) == ("owner", None, True)
        assert actions(cast.birch) == []
