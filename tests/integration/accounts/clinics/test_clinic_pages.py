import pytest
from django.test import Client

from accounts.clinics.plan_words import FEATURE_WORDS
from accounts.entitlements import Feature
from accounts.models import Organization
from accounts.permissions import Role
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.cast import Cast, join, make_person
from tests.cast_fixtures import SignIn

CLINIC, PLAN = "/app/settings/clinic/", "/app/settings/plan/"


def _clinic(cast: Cast) -> Organization:
    with tenancy.scope(cast.alder.organization.id):
        return Organization.objects.get()


def _actions(cast: Cast) -> list[tuple[str, list[str]]]:
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(action__startswith="accounts.").exclude(
            action__startswith="accounts.session."
        )
        return [(row.action, row.fields) for row in rows]


class TestClinic:
    def test_changes_its_name_and_time_zone(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ada)

        answer = client.post(
            CLINIC, {"name": "Alder & Oak", "timezone": "America/New_York"}
        )

        assert answer.headers["Location"] == CLINIC
        clinic = _clinic(cast)
        assert (clinic.name, clinic.timezone) == ("Alder & Oak", "America/New_York")
        assert _actions(cast) == [
            ("accounts.organization.changed", ["name", "timezone"])
        ]
        assert "Illinois, United States" in client.get(CLINIC).content.decode()

    def test_that_stays_the_same_leaves_no_row(self, cast: Cast, signed_in: SignIn):
        signed_in(cast.ada).post(
            CLINIC, {"name": "Alder Clinic", "timezone": "America/Chicago"}
        )

        assert _actions(cast) == []

    def test_changes_nothing_else(self, cast: Cast, signed_in: SignIn):
        signed_in(cast.ada).post(
            CLINIC,
            {
                "name": "Alder",
                "timezone": "America/Chicago",
                "country": "DE",
                "jurisdiction": "DE",
                "region": "eu",
                "plan": "enterprise",
                "hipaa_mode": "on",
                "slug": "x",
                "agency": "x",
                "id": str(cast.birch.organization.id),
                "organization": str(cast.birch.organization.id),
            },
        )

        clinic = _clinic(cast)
        assert (clinic.name, clinic.country, clinic.jurisdiction, clinic.region) == (
            "Alder",
            "US",
            "US-IL",
            "us",
        )
        assert (clinic.plan, clinic.hipaa_mode, clinic.slug, clinic.agency_id) == (
            "starter",
            False,
            "alder",
            None,
        )
        with tenancy.scope(cast.birch.organization.id):
            assert Organization.objects.get().name == "Birch Legal"

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("name", "", "Write the clinic"),
            ("name", "See https://evil.example", "without web addresses"),
            ("timezone", "Nowhere", "Choose one from the list"),
        ],
    )
    def test_says_what_is_not_right(
        self, cast: Cast, signed_in: SignIn, field: str, value: str, words: str
    ):
        answer = signed_in(cast.ada).post(
            CLINIC, {"name": "A", "timezone": "America/Chicago"} | {field: value}
        )

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert _clinic(cast).name == "Alder Clinic"

    def test_is_not_for_who_may_not(self, cast: Cast, signed_in: SignIn):
        wish = {"name": "Evil", "timezone": "America/Chicago"}

        for user in (cast.ben, cast.cy):
            assert signed_in(user).get(CLINIC).status_code == 403
            assert signed_in(user).post(CLINIC, wish).status_code == 403
        assert Client().post(CLINIC, wish).status_code == 302
        assert _clinic(cast).name == "Alder Clinic"


class TestPlan:
    def test_says_what_it_includes(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ada)
        before = client.get(PLAN).content.decode()

        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(plan="enterprise")

        after = client.get(PLAN).content.decode()
        assert "Starter" in before
        assert "Not in this plan: Sign-in by" in before
        assert "Enterprise" in after
        assert "Not in this plan" not in after

    def test_has_words_for_every_feature(self):
        assert set(FEATURE_WORDS) == set(Feature)

    def test_is_shown_to_billing_and_not_to_the_desk(
        self, cast: Cast, signed_in: SignIn
    ):
        billing = make_person("Bo Bill", "bo@alder-clinic.example")
        join(cast.alder, billing, Role.BILLING)

        assert signed_in(billing).get(PLAN).status_code == 200
        assert signed_in(cast.ben).get(PLAN).status_code == 403
        assert Client().get(PLAN).status_code == 302
