"""A clinic that enforces its directory is not entered by a token."""

import pytest
from django.test import Client

from accounts.machines.models import TokenFamily
from accounts.models import Organization
from accounts.permissions import Role
from accounts.sso.models import SsoConnection
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from tests.cast import Cast, join
from tests.fakes.directory.oidc import OidcProvider
from tests.integration.accounts.machines.conftest import (
    Program,
    code_now,
    give_factor,
    make_machine,
    program_of,
    rows,
    sign_in,
)
from tests.integration.accounts.machines.people import epoch
from tests.integration.accounts.sso.conftest import (
    directory,
    make_connection,
    prove,
    running,
)

__all__ = ["directory", "running"]


def _enforce(cast: Cast, is_enforced: bool = True) -> None:
    with tenancy.scope(cast.alder.organization.id):
        SsoConnection.objects.update(is_enforced=is_enforced)


@pytest.fixture
def connection(cast: Cast, directory: OidcProvider) -> SsoConnection:
    prove(cast.alder, "alder-clinic.example")
    return make_connection(cast.alder, directory)


@pytest.fixture
def enforced(cast: Cast, connection: SsoConnection) -> SsoConnection:
    _enforce(cast)
    return connection


def _families() -> int:
    with signing_in():
        return TokenFamily.objects.count()


@pytest.mark.usefixtures("enforced")
class TestSigningIn:
    def test_by_a_right_password_is_told_the_other_way(self, cast: Cast):
        answer = sign_in(cast.ben)

        assert (answer.status_code, answer.json()["code"]) == (403, "directory_wanted")
        assert _families() == 0
        assert epoch(cast.ben) == 0
        assert rows("accounts.token.opened") == []
        assert [
            (row.subject_id, row.facts) for row in rows("accounts.token.refused")
        ] == [(cast.ben.id, {"directory": True})]

    def test_by_a_wrong_password_is_told_nothing(self, cast: Cast):
        wrong = sign_in(cast.ben, password="wrong")
        nobody = sign_in(cast.ben, email="who@else.example")

        assert wrong.status_code == nobody.status_code == 401
        assert wrong.json() == nobody.json()
        assert wrong.json()["code"] == "sign_in_refused"

    def test_opens_nothing_to_an_owner_either(self, cast: Cast):
        without = sign_in(cast.ada)
        give_factor(cast.ada)
        shown = sign_in(cast.ada, code=code_now())

        assert without.status_code == shown.status_code == 403
        assert without.json()["code"] == shown.json()["code"] == "directory_wanted"
        assert _families() == 0

    def test_to_another_clinic_goes_on(self, cast: Cast):
        join(cast.birch, cast.ben, Role.VIEWER)

        program = program_of(cast.ben, organization=str(cast.birch.organization.id))

        assert program.get("calls/").status_code == 200

    def test_goes_on_once_the_plan_has_gone(self, cast: Cast):
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(plan="pro")

        assert sign_in(cast.ben).status_code == 200


@pytest.mark.usefixtures("connection")
class TestATokenFromBefore:
    def test_opens_nothing_from_the_next_request_on(self, cast: Cast, bens: Program):
        before = bens.get("calls/").status_code
        _enforce(cast)

        after = bens.get("calls/")
        own = bens.get("sessions/")

        assert (before, after.status_code, own.status_code) == (200, 401, 401)
        assert after.json()["code"] == "token_invalid"
        assert [row.facts for row in rows("accounts.token.refused")] == [
            {"directory": True}
        ]

    def test_is_not_changed_for_another(self, cast: Cast, bens: Program):
        _enforce(cast)

        answer = Client().post(
            "/api/v1/token/refresh/",
            {"refresh": bens.pair["refresh"]},
            content_type="application/json",
        )

        assert (answer.status_code, answer.json()["code"]) == (401, "refresh_refused")

    def test_of_an_owner_opens_nothing_either(self, cast: Cast, adas: Program):
        _enforce(cast)

        assert adas.get("calls/").status_code == 401
        assert adas.ask("POST", "roles/", {}).status_code == 401

    def test_in_another_clinic_goes_on(self, cast: Cast):
        join(cast.birch, cast.ben, Role.VIEWER)
        program = program_of(cast.ben, organization=str(cast.birch.organization.id))

        _enforce(cast)

        assert program.get("calls/").status_code == 200


@pytest.mark.usefixtures("enforced")
class TestAMachine:
    def test_has_no_directory_and_goes_on(self, cast: Cast):
        assert make_machine(cast, "calls:read").get("calls/").status_code == 200
