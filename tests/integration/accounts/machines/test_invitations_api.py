from datetime import timedelta

import pytest

from accounts.permissions import Role
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.models import OutboxJob
from tests.cast import Cast, join, make_person
from tests.integration.accounts.machines.conftest import (
    Program,
    code_now,
    give_factor,
    make_machine,
    program_of,
    rows_of,
)
from tests.integration.accounts.machines.people import (
    actions,
    invitations,
    make_role,
)

WISH = {"email": "Nora@alder-clinic.example", "role": "receptionist"}
KEY = {"Idempotency-Key": "5f0a9a3e-6a63-4ad1-8d2b-07f4b5f2f0b6"}


def _letters(cast: Cast) -> int:
    with tenancy.scope(cast.alder.organization.id):
        return OutboxJob.objects.filter(task="accounts.send_invitation").count()


@pytest.fixture
def maxs(cast: Cast) -> Program:
    """A program of Max's, an administrator."""
    admin = make_person("Max Mann", "max@alder-clinic.example")
    join(cast.alder, admin, Role.ADMINISTRATOR)
    give_factor(admin)
    return program_of(admin, code=code_now())


class TestInviting:
    def test_keeps_an_invitation_and_sends_its_letter(self, cast: Cast, adas: Program):
        answer = adas.ask("POST", "invitations/", WISH)

        assert answer.status_code == 201
        (row,) = invitations(cast.alder)
        made = answer.json()
        assert (made["id"], made["email"], made["role"], made["is_open"]) == (
            str(row.id),
            "nora@alder-clinic.example",
            "receptionist",
            True,
        )
        assert (row.email, row.role, row.invited_by_id) == (
            "nora@alder-clinic.example",
            "receptionist",
            cast.ada.id,
        )
        assert row.expires_at - row.created_at == timedelta(days=7)
        assert _letters(cast) == 1
        assert actions(cast.alder) == ["accounts.invitation.made"]

    def test_is_to_a_role_of_the_clinics_own_for_some_days(
        self, cast: Cast, adas: Program
    ):
        role = make_role(cast.alder, "calls.view")

        answer = adas.ask(
            "POST", "invitations/", WISH | {"role": str(role.id), "days": 2}
        )

        (row,) = invitations(cast.alder)
        assert answer.json()["custom_role"] == str(role.id)
        assert (row.custom_role_id, row.expires_at - row.created_at) == (
            role.id,
            timedelta(days=2),
        )

    def test_is_to_see_some_calls_alone(self, cast: Cast, adas: Program):
        (agent,) = adas.get("agents/").json()["results"]

        answer = adas.ask("POST", "invitations/", WISH | {"limited_to": [agent["id"]]})
        (listed,) = adas.get("invitations/").json()["results"]

        assert answer.status_code == 201
        assert answer.json()["limited_to"] == listed["limited_to"] == [agent["id"]]
        (row,) = invitations(cast.alder)
        assert [str(one) for one in row.limited_to or ()] == [agent["id"]]
        assert row.is_limited is True

    @pytest.mark.parametrize(
        ("of", "role", "status", "code"),
        [
            ("birch", "receptionist", 404, "limit_not_found"),
            ("alder", "owner", 422, "owner_not_limited"),
        ],
    )
    def test_names_nothing_of_another_clinic_and_limits_no_owner(
        self, cast: Cast, adas: Program, of: str, role: str, status: int, code: str
    ):
        clinic = getattr(cast, of)
        only = [str(clinic.agent_version.agent_id)]

        answer = adas.ask(
            "POST", "invitations/", WISH | {"role": role, "limited_to": only}
        )

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert invitations(cast.alder) == []
        assert _letters(cast) == 0

    def test_is_done_once_a_key(self, cast: Cast, adas: Program):
        first = adas.ask("POST", "invitations/", WISH, **KEY)
        second = adas.ask("POST", "invitations/", WISH, **KEY)

        assert first.status_code == second.status_code == 201
        assert first.content == second.content
        assert len(invitations(cast.alder)) == _letters(cast) == 1

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"email": "nobody"}, "email"),
            ({"email": "a@b@c.example"}, "email"),
            ({"days": 0}, "days"),
            ({"days": 31}, "days"),
            ({"days": "7"}, "days"),
            ({"role": ""}, "role"),
            ({"limited_to": []}, "limited_to"),
            ({"limited_to": None}, "limited_to"),
            ({"limited_to": ["annex"]}, "limited_to"),
            ({"organization": str(uuid7())}, "organization"),
            ({"is_staff": True}, "is_staff"),
            ({"user": str(uuid7())}, "user"),
        ],
    )
    def test_refuses_what_is_not_right(
        self, cast: Cast, adas: Program, change, field: str
    ):
        answer = adas.ask("POST", "invitations/", WISH | change)

        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == [field]
        assert invitations(cast.alder) == []
        unknown = field in ("organization", "is_staff", "user")
        assert actions(cast.alder) == ["accounts.field.refused"] * unknown

    @pytest.mark.parametrize("role", ["wizard", "system_operator", "foreign"])
    def test_finds_no_role_that_the_clinic_has_not(
        self, cast: Cast, adas: Program, role: str
    ):
        foreign = make_role(cast.birch, "calls.view")
        sent = str(foreign.id) if role == "foreign" else role

        answer = adas.ask("POST", "invitations/", WISH | {"role": sent})

        assert (answer.status_code, answer.json()["code"]) == (404, "role_not_found")
        assert invitations(cast.alder) == []
        assert actions(cast.alder) == ["accounts.role.refused"]

    def test_gives_no_more_than_is_held(self, cast: Cast, maxs: Program):
        role = make_role(cast.alder, "callers.view")

        owner = maxs.ask("POST", "invitations/", WISH | {"role": "owner"})
        wide = maxs.ask("POST", "invitations/", WISH | {"role": str(role.id)})

        assert owner.status_code == wide.status_code == 403
        assert owner.json()["code"] == wide.json()["code"] == "role_not_yours"
        assert invitations(cast.alder) == []
        assert actions(cast.alder) == ["accounts.role.refused"] * 2

    def test_of_who_is_there_or_invited_is_refused(self, cast: Cast, adas: Program):
        adas.ask("POST", "invitations/", WISH)

        again = adas.ask("POST", "invitations/", WISH)
        member = adas.ask("POST", "invitations/", WISH | {"email": cast.ben.email})

        assert (again.status_code, again.json()["code"]) == (409, "already_invited")
        assert (member.status_code, member.json()["code"]) == (409, "already_member")
        assert len(invitations(cast.alder)) == 1

    def test_is_not_for_the_desk_or_a_machine(self, cast: Cast, bens: Program):
        machine = make_machine(cast, "members:read")

        assert bens.ask("POST", "invitations/", WISH).status_code == 403
        assert machine.ask("POST", "invitations/", WISH).status_code == 403
        assert Program("").ask("POST", "invitations/", WISH).status_code == 401
        assert invitations(cast.alder) == []
        assert actions(cast.alder) == ["accounts.api_key.made"]


class TestInvitations:
    def test_that_wait_are_listed_and_the_look_is_noted(
        self, cast: Cast, adas: Program, dots: Program
    ):
        dots.ask("POST", "invitations/", WISH | {"email": "x@birch-legal.example"})
        adas.ask("POST", "invitations/", WISH)

        found = adas.get("invitations/").json()["results"]

        assert [one["email"] for one in found] == ["nora@alder-clinic.example"]
        (row,) = rows_of(cast, "accounts.invitations.read")
        assert (row.actor_id, row.fields, row.facts) == (
            cast.ada.id,
            ["email"],
            {"count": 1},
        )

    def test_are_hidden_from_who_may_not_see_members(self, cast: Cast):
        machine = make_machine(cast, "calls:read")

        assert machine.get("invitations/").status_code == 403
        assert rows_of(cast, "accounts.invitations.read") == []

    def test_are_withdrawn_once(self, cast: Cast, adas: Program):
        made = adas.ask("POST", "invitations/", WISH).json()

        first = adas.ask("DELETE", f"invitations/{made['id']}/", **KEY)
        replayed = adas.ask("DELETE", f"invitations/{made['id']}/", **KEY)
        second = adas.ask("DELETE", f"invitations/{made['id']}/")

        assert first.status_code == replayed.status_code == 204
        assert (second.status_code, second.json()["code"]) == (409, "invitation_ended")
        assert adas.get("invitations/").json()["results"] == []
        assert actions(cast.alder) == [
            "accounts.invitation.made",
            "accounts.invitation.withdrawn",
        ]

    def test_are_withdrawn_by_who_could_make_them(
        self, cast: Cast, adas: Program, maxs: Program
    ):
        wish = WISH | {"role": "owner"}
        path = f"invitations/{adas.ask('POST', 'invitations/', wish).json()['id']}/"

        answer = maxs.ask("DELETE", path)

        assert (answer.status_code, answer.json()["code"]) == (403, "role_not_yours")
        (row,) = invitations(cast.alder)
        assert row.withdrawn_at is None
        (refused,) = rows_of(cast, "accounts.role.refused")
        assert str(refused.subject_id) == str(row.id)

    def test_are_not_withdrawn_by_others(
        self, cast: Cast, adas: Program, bens: Program, dots: Program
    ):
        path = f"invitations/{adas.ask('POST', 'invitations/', WISH).json()['id']}/"
        machine = make_machine(cast, "members:read")

        theirs, nobodys = (
            dots.ask("DELETE", path),
            dots.ask("DELETE", f"invitations/{uuid7()}/"),
        )

        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.json() == nobodys.json()
        assert bens.ask("DELETE", path).status_code == 403
        assert machine.ask("DELETE", path).status_code == 403
        assert Program("").ask("DELETE", path).status_code == 401
        (row,) = invitations(cast.alder)
        assert row.withdrawn_at is None


@pytest.fixture
def dots(cast: Cast) -> Program:
    """A program of Dot's, who owns Birch."""
    give_factor(cast.dot)
    return program_of(cast.dot, code=code_now())
