from datetime import timedelta

import pytest

from accounts.models import CustomRole, Membership
from accounts.permissions import ROLE_GRANTS, Permission, Role
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from tests.cast import NOW, Cast
from tests.integration.accounts.machines.conftest import Program, make_machine, rows_of


@pytest.fixture
def machine(cast: Cast) -> Program:
    return make_machine(cast, "members:read", "roles:read")


def _membership(cast: Cast, user) -> Membership:
    clinic = cast.alder if user != cast.dot else cast.birch
    with tenancy.scope(clinic.organization.id):
        return Membership.objects.get(user=user)


class TestMembers:
    def test_are_listed_in_the_order_they_joined_and_the_look_is_noted(
        self, cast: Cast, machine: Program
    ):
        with tenancy.scope(cast.alder.organization.id):
            for days, user in enumerate((cast.ben, cast.ada, cast.cy)):
                Membership.objects.filter(user=user).update(
                    created_at=NOW + timedelta(days=days)
                )

        found = machine.get("members/").json()["results"]

        assert [(one["name"], one["role"]) for one in found] == [
            ("Ben Osei", "receptionist"),
            ("Ada Lindgren", "owner"),
            ("Cy Moreno", "auditor"),
        ]
        assert found[1]["email"] == cast.ada.email
        assert found[0]["has_second_factor"] is False
        (row,) = rows_of(cast, "accounts.members.read")
        assert (row.actor_kind, row.fields, row.facts) == (
            "api_key",
            ["name", "email"],
            {"count": 3},
        )

    def test_can_be_asked_for_one_by_one(self, cast: Cast, machine: Program):
        ben = _membership(cast, cast.ben)

        found = machine.get(f"members/{ben.id}/").json()

        assert (found["person_id"], found["role"]) == (str(cast.ben.id), "receptionist")

    def test_of_another_clinic_are_not_found(self, cast: Cast, machine: Program):
        dot = _membership(cast, cast.dot)

        theirs = machine.get(f"members/{dot.id}/")
        nobodys = machine.get(f"members/{uuid7()}/")

        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.json() == nobodys.json()
        assert rows_of(cast, "accounts.members.read") == []

    def test_are_hidden_from_a_key_without_the_scope(self, cast: Cast):
        other = make_machine(cast, "calls:read", "keys:read")

        assert other.get("members/").status_code == 403
        assert other.get("roles/").status_code == 403
        assert rows_of(cast, "accounts.members.read") == []

    @pytest.mark.parametrize("verb", ["POST", "PUT", "OPTIONS"])
    def test_have_no_other_verbs(self, cast: Cast, adas: Program, verb: str):
        ben = _membership(cast, cast.ben)

        one = adas.ask(verb, f"members/{ben.id}/", {"role": "owner"})
        every = adas.ask(verb, "members/", {"role": "owner"})

        assert one.status_code == every.status_code == 405
        assert one.json()["code"] == "method_not_allowed"
        assert one.headers["allow"] == "GET, HEAD, PATCH, DELETE"
        assert every.headers["allow"] == "GET, HEAD"
        assert _membership(cast, cast.ben).role == "receptionist"


class TestRoles:
    def test_are_those_every_clinic_has_and_then_its_own(
        self, cast: Cast, machine: Program
    ):
        for clinic, name in ((cast.alder, "Front of house"), (cast.birch, "Theirs")):
            with tenancy.scope(clinic.organization.id):
                CustomRole.objects.create(
                    organization=clinic.organization,
                    name=name,
                    permissions=[Permission.CALLS_VIEW],
                    created_at=utc_now(),
                )

        found = machine.get("roles/").json()

        assert [one["name"] for one in found] == [
            "owner", "administrator", "receptionist", "clinician", "billing",
            "auditor", "viewer", "Front of house",
        ]  # fmt: skip
        assert set(found[0]["permissions"]) == set(ROLE_GRANTS[Role.OWNER])
        assert found[-1]["permissions"] == ["calls.view"]
        assert [one["is_custom"] for one in found] == [False] * 7 + [True]
