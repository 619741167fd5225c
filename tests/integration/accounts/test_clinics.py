import pytest
from django.test import Client

from accounts.permissions import Role
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from tests.cast import Cast, join
from tests.cast_fixtures import SignIn


@pytest.fixture
def adas(cast: Cast, signed_in: SignIn) -> Client:
    """Ada's browser; she looks after Birch as well."""
    join(cast.birch, cast.ada, Role.AUDITOR)
    return signed_in(cast.ada)


def _choose(client: Client, organization_id) -> int:
    return client.post(f"/accounts/clinics/{organization_id}/").status_code


def _refused(rows) -> list[tuple]:
    found = rows.filter(action="accounts.thing.refused", subject_kind="organization")
    return list(
        found.order_by("pk").values_list("actor_kind", "actor_id", "subject_id")
    )


def _clinic(client: Client) -> str:
    return client.get("/app/").context["chrome"].clinic


class TestClinics:
    def test_of_one_who_has_two_can_be_changed(self, cast: Cast, adas: Client):
        birch = cast.birch.organization

        before = adas.get("/app/").content.decode()
        choice = adas.get("/accounts/clinics/")
        answer = adas.post(f"/accounts/clinics/{birch.id}/")

        assert "Change clinic" in before
        assert [(one.name, one.role) for one in choice.context["clinics"]] == [
            ("Alder Clinic", "owner"),
            ("Birch Legal", "auditor"),
        ]
        assert choice.context["open_id"] == cast.alder.organization.id
        assert answer.headers["Location"] == "/app/start/"
        assert _clinic(adas) == "Birch Legal"
        with tenancy.scope(birch.id):
            row = AuditLog.objects.get(action="accounts.clinic.opened")
        assert (row.actor_id, row.subject_id) == (cast.ada.id, birch.id)

    @pytest.mark.parametrize("name", ["Alder Clinic", "Birch Legal"])
    def test_are_left_from_their_page_while_they_are_open(
        self, cast: Cast, adas: Client, name: str
    ):
        if name == "Birch Legal":
            _choose(adas, cast.birch.organization.id)

        page = adas.get("/accounts/clinics/").content.decode()

        assert f"Leave {name}</a>" in page
        assert page.count("Leave ") == 1

    def test_of_one_who_has_one_are_not_offered(self, cast: Cast, signed_in: SignIn):
        assert "Change clinic" not in signed_in(cast.ben).get("/app/").content.decode()

    def test_of_others_are_nothing_and_change_nothing(
        self, cast: Cast, signed_in: SignIn
    ):
        client = signed_in(cast.ben)
        nobodys = uuid7()

        assert _choose(client, cast.birch.organization.id) == 404
        assert _choose(client, nobodys) == 404
        assert _clinic(client) == "Alder Clinic"
        with tenancy.scope(cast.alder.organization.id):
            assert _refused(AuditLog.objects) == [
                ("user", cast.ben.id, cast.birch.organization.id),
                ("user", cast.ben.id, nobodys),
            ]
        with tenancy.scope(cast.birch.organization.id):
            assert not AuditLog.objects.exists()

    def test_are_closed_again_once_the_membership_has_gone(
        self, cast: Cast, adas: Client
    ):
        _choose(adas, cast.birch.organization.id)

        with tenancy.scope(cast.birch.organization.id):
            cast.ada.memberships.filter(organization=cast.birch.organization).delete()

        assert _clinic(adas) == "Alder Clinic"

    def test_are_shown_to_nobody_who_is_not_signed_in(self, cast: Cast):
        answer = Client().get("/accounts/clinics/")

        assert answer.status_code == 302
        assert answer.headers["Location"] == "/accounts/login/?next=/accounts/clinics/"
        assert _choose(Client(), cast.alder.organization.id) == 302

    def test_are_changed_by_a_form_alone(self, cast: Cast, adas: Client):
        birch = cast.birch.organization

        answer = adas.get(f"/accounts/clinics/{birch.id}/")

        assert answer.status_code == 405
        assert _clinic(adas) == "Alder Clinic"

    def test_of_others_are_sought_in_no_clinic_by_who_has_none(
        self, cast: Cast, signed_in: SignIn
    ):
        assert _choose(signed_in(cast.eve), cast.birch.organization.id) == 404
        rows = AuditLog.unscoped.filter(organization_id=None)
        assert _refused(rows) == [("user", cast.eve.id, cast.birch.organization.id)]

    def test_are_where_somebody_without_one_is_led(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.eve)

        refused = client.get("/app/")
        led_to = client.get("/accounts/clinics/")

        words = refused.content.decode()
        assert refused.status_code == 404
        assert 'href="/accounts/clinics/"' in words
        assert "Back to work" not in words
        assert led_to.status_code == 200


class TestRefusal:
    def test_says_once_that_the_role_does_not_allow_it(
        self, cast: Cast, signed_in: SignIn
    ):
        answer = signed_in(cast.ben).get("/app/settings/access/")

        words = answer.content.decode()
        assert answer.status_code == 403
        assert words.count("Your role does not allow this") == 1
        assert "An owner of the clinic can change that." in words
