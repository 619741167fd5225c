import pytest
from django.test import Client

from accounts.machines.models import TokenFamily
from accounts.models import Organization
from accounts.permissions import Role
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from tests.cast import Cast
from tests.clock import StoppedClock
from tests.integration.accounts.machines.conftest import (
    Program,
    code_now,
    give_factor,
    program_of,
    rows,
)
from tests.integration.accounts.machines.people import make_role


def _refresh(program: Program):
    body = {"refresh": program.pair["refresh"]}
    return Client().post(
        "/api/v1/token/refresh/", body, content_type="application/json"
    )


def _set(cast: Cast, **values: object) -> None:
    with tenancy.scope(cast.alder.organization.id):
        Organization.objects.update(**values)


def _is_over(program: Program) -> bool:
    """Return whether both tokens are worth nothing; see that the record says why."""
    access, refresh = program.get("agents/"), _refresh(program)
    assert access.status_code == refresh.status_code
    is_over = refresh.status_code == 401
    if is_over:
        assert "expired" in rows("accounts.token.refused")[-1].facts
    return is_over


class TestTokensThatNobodyUses:
    def test_are_over_after_an_hour(
        self, cast: Cast, stopped_clock: StoppedClock, bens: Program
    ):
        with signing_in():
            before = TokenFamily.objects.get()

        stopped_clock.move(minutes=60)

        assert _is_over(bens)
        with signing_in():
            after = TokenFamily.objects.get()
        assert after.refresh_sha256 == before.refresh_sha256
        assert after.used_at == before.used_at

    def test_stand_until_then(
        self, cast: Cast, stopped_clock: StoppedClock, bens: Program
    ):
        stopped_clock.move(minutes=59, seconds=59)

        assert not _is_over(bens)

    @pytest.mark.parametrize("minutes", [15, 14])
    def test_of_who_gives_access_are_over_after_a_quarter(
        self, cast: Cast, stopped_clock: StoppedClock, minutes: int
    ):
        give_factor(cast.ada)
        adas = program_of(cast.ada, code=code_now())

        stopped_clock.move(minutes=minutes)

        assert _is_over(adas) == (minutes == 15)

    def test_of_a_role_of_the_clinics_own_go_by_what_it_gives(
        self, cast: Cast, stopped_clock: StoppedClock
    ):
        role = make_role(cast.alder, "calls.view", "keys.manage", "keys.view")
        with tenancy.scope(cast.alder.organization.id):
            cast.ben.memberships.update(role=Role.VIEWER, custom_role=role)
        give_factor(cast.ben)
        bens = program_of(cast.ben, code=code_now())

        stopped_clock.move(minutes=15)

        assert _refresh(bens).status_code == 401

    def test_in_hipaa_mode_are_over_after_a_quarter(
        self, cast: Cast, stopped_clock: StoppedClock
    ):
        _set(cast, hipaa_mode=True)
        give_factor(cast.ben)
        bens = program_of(cast.ben, code=code_now())

        stopped_clock.move(minutes=15)

        assert _is_over(bens)

    def test_are_over_sooner_where_the_clinic_says_so(
        self, cast: Cast, stopped_clock: StoppedClock, bens: Program
    ):
        _set(cast, idle_minutes=5)

        stopped_clock.move(minutes=5)

        assert _is_over(bens)

    def test_begin_anew_with_each_use(
        self, cast: Cast, stopped_clock: StoppedClock, bens: Program
    ):
        for _ in range(3):
            stopped_clock.move(minutes=40)
            assert bens.get("agents/").status_code == 200
        stopped_clock.move(minutes=40)

        assert _refresh(bens).status_code == 200

    def test_are_written_once_a_minute(
        self, cast: Cast, stopped_clock: StoppedClock, bens: Program
    ):
        began = stopped_clock.at

        stopped_clock.move(seconds=59)
        bens.get("agents/")
        with signing_in():
            early = TokenFamily.objects.get().used_at
        later = stopped_clock.move(seconds=1)
        bens.get("agents/")

        assert early == began
        with signing_in():
            assert TokenFamily.objects.get().used_at == later
