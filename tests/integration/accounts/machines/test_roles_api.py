import pytest

from accounts.models import Membership
from accounts.permissions import Role
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from tests.cast import Cast, join, make_person
from tests.integration.accounts.machines.conftest import (
    Program,
    code_now,
    give_factor,
    make_machine,
    program_of,
)
from tests.integration.accounts.machines.people import actions, make_role, own_roles

WISH = {"name": " Night desk ", "permissions": ["messages.view", "calls.view"]}
KEY = {"Idempotency-Key": "0f7f7d55-45b3-4f5a-9d68-b0a1f3a0e8a4"}
NIGHT = ("Night desk", ["calls.view"])


@pytest.fixture
def maxs(cast: Cast) -> Program:
    """A program of Max's, an administrator."""
    admin = make_person("Max Mann", "max@alder-clinic.example")
    join(cast.alder, admin, Role.ADMINISTRATOR)
    give_factor(admin)
    return program_of(admin, code=code_now())


class TestMaking:
    def test_composes_a_role_of_permissions(self, cast: Cast, adas: Program):
        answer = adas.ask("POST", "roles/", WISH)

        assert answer.status_code == 201
        made = answer.json()
        assert (made["name"], made["is_custom"], made["permissions"]) == (
            "Night desk",
            True,
            ["calls.view", "messages.view"],
        )
        assert adas.get(f"roles/{made['id']}/").json() == made
        assert own_roles(cast.alder) == [
            ("Night desk", ["calls.view", "messages.view"])
        ]
        assert actions(cast.alder) == ["accounts.custom_role.made"]

    def test_is_done_once_a_key(self, cast: Cast, adas: Program):
        first = adas.ask("POST", "roles/", WISH, **KEY)
        second = adas.ask("POST", "roles/", WISH, **KEY)

        assert first.status_code == second.status_code == 201
        assert first.content == second.content
        assert actions(cast.alder) == ["accounts.custom_role.made"]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": "x" * 61}, "name"),
            ({"permissions": []}, "permissions"),
            ({"permissions": ["calls.view", "calls.view"]}, "permissions"),
            ({"permissions": ["everything"]}, "permissions"),
            ({"organization": str(uuid7())}, "organization"),
            ({"is_custom": False}, "is_custom"),
        ],
    )
    def test_refuses_what_is_not_right(
        self, cast: Cast, adas: Program, change, field: str
    ):
        answer = adas.ask("POST", "roles/", WISH | change)

        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == [field]
        assert own_roles(cast.alder) == []
        unknown = field in ("organization", "is_custom")
        assert actions(cast.alder) == ["accounts.field.refused"] * unknown

    def test_gives_no_more_than_is_held(self, cast: Cast, maxs: Program):
        wish = {"name": "Names", "permissions": ["callers.view"]}

        answer = maxs.ask("POST", "roles/", wish)

        assert (answer.status_code, answer.json()["code"]) == (403, "role_not_yours")
        assert own_roles(cast.alder) == []
        assert actions(cast.alder) == ["accounts.role.refused"]

    def test_has_a_name_of_its_own(self, cast: Cast, adas: Program):
        make_role(cast.alder, "calls.view")

        answer = adas.ask("POST", "roles/", WISH)

        assert (answer.status_code, answer.json()["code"]) == (409, "role_name_taken")
        assert own_roles(cast.alder) == [NIGHT]


class TestChanging:
    def test_leaves_what_is_left_out(self, cast: Cast, adas: Program):
        path = f"roles/{make_role(cast.alder, 'calls.view').id}/"

        named = adas.ask("PATCH", path, {"name": "Late desk"})
        granted = adas.ask("PATCH", path, {"permissions": ["messages.view"]})

        assert named.json()["permissions"] == ["calls.view"]
        assert granted.json()["name"] == "Late desk"
        assert own_roles(cast.alder) == [("Late desk", ["messages.view"])]
        assert actions(cast.alder) == ["accounts.custom_role.changed"] * 2

    def test_signs_out_who_loses_something(
        self, cast: Cast, adas: Program, bens: Program
    ):
        role = make_role(cast.alder, "calls.view", "messages.view")
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=cast.ben).update(
                role="viewer", custom_role=role
            )

        adas.ask("PATCH", f"roles/{role.id}/", {"permissions": ["calls.view"]})

        assert bens.get("calls/").status_code == 401

    def test_needs_a_field(self, cast: Cast, adas: Program):
        answer = adas.ask(
            "PATCH", f"roles/{make_role(cast.alder, 'calls.view').id}/", {}
        )

        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["body"]
        assert own_roles(cast.alder) == [NIGHT]
        assert actions(cast.alder) == []

    def test_of_what_holds_more_is_refused(self, cast: Cast, maxs: Program):
        role = make_role(cast.alder, "callers.view")

        answer = maxs.ask("PATCH", f"roles/{role.id}/", {"name": "Mine"})

        assert (answer.status_code, answer.json()["code"]) == (403, "role_not_yours")
        assert own_roles(cast.alder) == [("Night desk", ["callers.view"])]
        assert actions(cast.alder) == ["accounts.role.refused"]


class TestRetiring:
    def test_takes_the_role_away_once_a_key(self, cast: Cast, adas: Program):
        path = f"roles/{make_role(cast.alder, 'calls.view').id}/"

        first = adas.ask("DELETE", path, **KEY)
        second = adas.ask("DELETE", path, **KEY)

        assert first.status_code == second.status_code == 204
        assert own_roles(cast.alder) == []
        assert actions(cast.alder) == ["accounts.custom_role.retired"]

    def test_leaves_a_role_that_somebody_has(self, cast: Cast, adas: Program):
        role = make_role(cast.alder, "calls.view")
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=cast.ben).update(
                role="viewer", custom_role=role
            )

        answer = adas.ask("DELETE", f"roles/{role.id}/")

        assert (answer.status_code, answer.json()["code"]) == (409, "role_in_use")
        assert own_roles(cast.alder) == [NIGHT]
        assert actions(cast.alder) == []


@pytest.mark.parametrize(
    ("verb", "body"), [("PATCH", {"name": "Mine"}), ("DELETE", None)]
)
class TestEveryWriteOfARole:
    def test_is_not_for_the_desk(self, cast: Cast, bens: Program, verb, body):
        path = f"roles/{make_role(cast.alder, 'calls.view').id}/"

        answer = bens.ask(verb, path, body)

        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
        assert own_roles(cast.alder) == [NIGHT]
        assert actions(cast.alder) == []

    def test_is_not_for_a_machine_or_a_stranger(self, cast: Cast, verb, body):
        path = f"roles/{make_role(cast.alder, 'calls.view').id}/"

        machine = make_machine(cast, "roles:read").ask(verb, path, body)
        stranger = Program("").ask(verb, path, body)

        assert (machine.status_code, stranger.status_code) == (403, 401)
        assert own_roles(cast.alder) == [NIGHT]

    def test_finds_no_role_of_another_clinic(
        self, cast: Cast, adas: Program, verb, body
    ):
        role = make_role(cast.birch, "calls.view")

        theirs = adas.ask(verb, f"roles/{role.id}/", body)
        nobodys = adas.ask(verb, f"roles/{uuid7()}/", body)

        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.json() == nobodys.json()
        assert own_roles(cast.birch) == [NIGHT]
        assert actions(cast.birch) == []


class TestARole:
    def test_is_seen_by_who_may_see_roles(self, cast: Cast, bens: Program):
        role = make_role(cast.alder, "calls.view")

        assert bens.get(f"roles/{role.id}/").json()["name"] == "Night desk"
        assert (
            make_machine(cast, "calls:read").get(f"roles/{role.id}/").status_code == 403
        )

    def test_of_another_clinic_is_not_found(self, cast: Cast, bens: Program):
        role = make_role(cast.birch, "calls.view")

        assert bens.get(f"roles/{role.id}/").status_code == 404

    def test_is_not_made_by_the_desk(self, cast: Cast, bens: Program):
        assert bens.ask("POST", "roles/", WISH).status_code == 403
        assert own_roles(cast.alder) == []
