import pytest
from django.test import Client

from accounts.models import Organization
from accounts.permissions import Role
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.cast import Cast, join, make_person
from tests.cast_fixtures import SignIn
from tests.clock import StoppedClock
from tests.hashes import without_hashes

PAGE = "/app/settings/security/"
CHANGE = "/app/settings/security/limits/"
LIMITS = {"idle_minutes": "10", "session_hours": "8", "access_token_minutes": "15"}


def _limits(cast: Cast) -> tuple[int, int, int]:
    with tenancy.scope(cast.alder.organization.id):
        row = Organization.objects.get(pk=cast.alder.organization.id)
    return row.idle_minutes, row.session_hours, row.access_token_minutes


def _record(cast: Cast) -> list[AuditLog]:
    with tenancy.scope(cast.alder.organization.id):
        return list(AuditLog.objects.filter(action="accounts.limits.changed"))


class TestLimits:
    def test_are_changed_and_written_down_with_before_and_after(
        self, cast: Cast, signed_in: SignIn
    ):
        client = signed_in(cast.ada)

        answer = client.post(CHANGE, LIMITS)
        saved = client.get(answer.headers["Location"]).content.decode()

        assert answer.headers["Location"] == "/app/settings/security/?saved=1"
        assert "Saved. Open sessions go by it now." in saved
        assert _limits(cast) == (10, 8, 15)
        (row,) = _record(cast)
        assert (row.actor_id, row.subject_id) == (
            cast.ada.id,
            cast.alder.organization.id,
        )
        assert row.fields == ["idle_minutes", "session_hours"]
        assert without_hashes(row.facts) == {
            "idle_minutes_before": 60,
            "idle_minutes_after": 10,
            "session_hours_before": 12,
            "session_hours_after": 8,
        }

    def test_that_stay_as_they_are_leave_no_row(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ada)

        client.post(CHANGE, LIMITS)
        client.post(CHANGE, LIMITS)

        assert len(_record(cast)) == 1

    def test_end_open_sessions_at_once(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        bens = signed_in(cast.ben)
        adas = signed_in(cast.ada)
        stopped_clock.move(minutes=12)

        before = bens.get("/app/", headers={"X-Background": "1"}).status_code
        adas.post(CHANGE, LIMITS)

        assert before == 200
        assert bens.get("/app/").status_code == 302

    @pytest.mark.parametrize(
        ("name", "value", "at_most"),
        [
            ("idle_minutes", "61", 60),
            ("idle_minutes", "0", 60),
            ("session_hours", "13", 12),
            ("access_token_minutes", "61", 60),
            ("access_token_minutes", "five", 60),
            ("access_token_minutes", "", 60),
        ],
    )
    def test_outside_their_bounds_change_nothing(
        self, cast: Cast, signed_in: SignIn, name: str, value: str, at_most: int
    ):
        answer = signed_in(cast.ada).post(CHANGE, LIMITS | {name: value})

        assert answer.status_code == 422
        words = answer.content.decode()
        assert f"Write a whole number from 1 to {at_most}." in words
        assert _limits(cast) == (60, 12, 15)
        assert _record(cast) == []

    def test_are_fifteen_quiet_minutes_at_most_in_hipaa_mode(
        self, cast: Cast, signed_in: SignIn
    ):
        organization = cast.alder.organization
        with tenancy.scope(organization.id):
            organization.hipaa_mode = True
            organization.save(update_fields=["hipaa_mode"])
        client = signed_in(cast.ada)

        shown = client.get(PAGE)
        answer = client.post(CHANGE, LIMITS | {"idle_minutes": "16"})

        assert shown.context["form"]["idle_minutes"].value() == 15
        assert "Your clinic is in HIPAA mode" in shown.content.decode()
        assert answer.status_code == 422
        assert _limits(cast) == (60, 12, 15)

    def test_take_no_other_field_of_the_clinic(self, cast: Cast, signed_in: SignIn):
        more = {"plan": "enterprise", "hipaa_mode": "on", "id": str(cast.birch)}

        signed_in(cast.ada).post(CHANGE, LIMITS | more)

        with tenancy.scope(cast.alder.organization.id):
            row = Organization.objects.get(pk=cast.alder.organization.id)
        assert (row.plan, row.hipaa_mode) == ("starter", False)


class TestWho:
    def test_may_look_and_not_change(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.cy)

        shown = client.get(PAGE)
        answer = client.post(CHANGE, LIMITS)

        assert shown.status_code == 200
        assert "An owner or administrator changes them." in shown.content.decode()
        assert "Save" not in shown.content.decode()
        assert answer.status_code == 403
        assert _limits(cast) == (60, 12, 15)
        assert _record(cast) == []

    @pytest.mark.parametrize(
        "role", [Role.RECEPTIONIST, Role.CLINICIAN, Role.BILLING, Role.VIEWER]
    )
    def test_may_not_even_look(self, cast: Cast, signed_in: SignIn, role: Role):
        person = make_person("Flo Wright", "flo@alder-clinic.example")
        join(cast.alder, person, role)
        client = signed_in(person)

        assert client.get(PAGE).status_code == 403
        assert client.post(CHANGE, LIMITS).status_code == 403
        assert _limits(cast) == (60, 12, 15)

    def test_is_of_another_clinic_changes_their_own(
        self, cast: Cast, signed_in: SignIn
    ):
        signed_in(cast.dot).post(CHANGE, LIMITS)

        assert _limits(cast) == (60, 12, 15)
        assert _record(cast) == []

    def test_is_unknown_signs_in_first(self, cast: Cast):
        assert Client().get(PAGE).headers["Location"] == f"/accounts/login/?next={PAGE}"
        assert Client().post(CHANGE, LIMITS).status_code == 302
        assert _limits(cast) == (60, 12, 15)
