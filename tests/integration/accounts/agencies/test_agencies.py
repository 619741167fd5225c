from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from accounts.joining.models import Invitation
from accounts.models import Agency, AgencyMembership, Membership, Organization, User
from accounts.permissions import Role
from accounts.way_in import organization_ids, signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from tests.cast import NOW, Cast, make_person
from tests.cast_fixtures import SignIn
from tests.hashes import without_hashes
from tests.integration.accounts.joining.letters import link_in_last_letter, run_jobs

AGENCY, END = "/accounts/agency/", "/app/settings/clinic/end-agency/"
CEDAR = {
    "clinic_name": "Cedar Eyes",
    "country": "US",
    "state": "US-IL",
    "timezone": "America/Chicago",
    "region": "us",
    "owner_email": "olga@cedar.example",
}


@pytest.fixture
def lakeside(cast: Cast) -> Agency:
    """Looks after Alder, not Birch."""
    agency = Agency.objects.create(name="Lakeside Support")
    with tenancy.scope(cast.alder.organization.id):
        Organization.objects.update(agency=agency)
    return agency


@pytest.fixture
def jo(lakeside: Agency) -> User:
    user = make_person("Jo Jansen", "jo@lakeside.example")
    with signing_in():
        AgencyMembership.objects.create(agency=lakeside, user=user, created_at=NOW)
    return user


@pytest.fixture
def jos(jo: User, signed_in: SignIn) -> Client:
    return signed_in(jo)


def _agency_of(cast: Cast) -> UUID | None:
    with tenancy.scope(cast.alder.organization.id):
        return Organization.objects.get().agency_id


class TestAgencyAdministrator:
    def test_is_nobody_to_the_agency_by_the_word_of_a_clinics_directory(
        self, cast: Cast, jos: Client
    ):
        session = jos.session
        session["sso_connection"] = str(uuid7())
        session.save()

        assert jos.get(AGENCY).headers["Location"] == "/app/start/"

    def test_sees_the_clinics_of_the_agency_and_no_other(
        self, cast: Cast, lakeside: Agency, jos: Client
    ):
        with signing_in():
            User.objects.filter(pk=cast.ben.pk).update(second_factor_since=NOW)

        ((agency, clinics),) = jos.get(AGENCY).context["agencies"]

        assert agency == lakeside
        assert [
            (one.name, one.members, one.with_factor, one.hipaa_mode) for one in clinics
        ] == [("Alder Clinic", 3, 1, False)]
        assert "Birch" not in jos.get(AGENCY).content.decode()

    def test_finds_the_clinic_in_the_switch(self, cast: Cast, jos: Client):
        clinics = jos.get("/accounts/clinics/").context["clinics"]
        page = jos.get("/app/").content.decode()

        assert [(one.name, one.role) for one in clinics] == [
            ("Alder Clinic", "agency_administrator")
        ]
        assert "Change clinic" in page
        assert "Leave " not in jos.get("/accounts/clinics/").content.decode()

    def test_opens_no_clinic_of_others(self, cast: Cast, jos: Client):
        birch = cast.birch.organization.id

        assert jos.post(f"/accounts/clinics/{birch}/").status_code == 404
        assert jos.get("/app/").context["chrome"].clinic == "Alder Clinic"

    def test_manages_people_but_makes_no_owner(self, cast: Cast, jos: Client, jo: User):
        invite = "/app/settings/people/invite/"
        wish = {"email": "x@alder-clinic.example", "days": "7"}

        assert jos.post(invite, wish | {"role": "owner"}).status_code == 403
        assert jos.post(invite, wish | {"role": "viewer"}).status_code == 302
        own = {"email": jo.email, "days": "7", "role": "administrator"}
        assert jos.post(invite, own).status_code == 403

    @pytest.mark.parametrize("role", ["clinician", "administrator", "auditor"])
    def test_invites_into_no_role_that_sees_more_than_theirs(
        self, cast: Cast, jos: Client, role: str
    ):
        wish = {"email": "x@alder-clinic.example", "days": "7", "role": role}

        assert jos.post("/app/settings/people/invite/", wish).status_code == 403
        with tenancy.scope(cast.alder.organization.id):
            assert not Invitation.objects.exists()

    def test_has_the_owners_told_whom_they_invite_and_change(
        self, cast: Cast, jos: Client, jo: User
    ):
        wish = {"email": "x@alder-clinic.example", "days": "7", "role": "viewer"}
        jos.post("/app/settings/people/invite/", wish)
        with tenancy.scope(cast.alder.organization.id):
            member = Membership.objects.get(user=cast.ben)
        jos.post(f"/app/settings/people/{member.pk}/role/", {"role": "viewer"})

        run_jobs()

        told = [one for one in mail.outbox if one.to == [cast.ada.email]]
        assert len(told) == 2
        assert "invited x@alder-clinic.example as viewer" in told[0].body
        assert f"made {cast.ben.full_name} a member as viewer" in told[1].body

    def test_is_asked_for_a_second_factor_first(
        self, cast: Cast, lakeside: Agency, jo: User
    ):
        client = Client()
        with signing_in():
            client.force_login(jo)

        answers = [
            client.get(AGENCY),
            client.post(f"{AGENCY}{lakeside.id}/new-clinic/", CEDAR),
        ]

        assert [one.headers["Location"] for one in answers] == ["/app/start/"] * 2
        assert len(organization_ids()) == 2

    def test_is_somebody_with_an_agency(self, cast: Cast, signed_in: SignIn):
        agency_id = Agency.objects.create(name="Other").id

        for address in (AGENCY, f"{AGENCY}{agency_id}/new-clinic/"):
            assert signed_in(cast.ada).get(address).status_code == 404
            assert Client().get(address).status_code == 302

    def test_cannot_leave_a_clinic_they_are_no_member_of(self, jos: Client):
        assert jos.get("/app/settings/people/leave/").status_code == 404


class TestClinicSwitch:
    def test_can_be_searched_once_there_are_many(
        self, cast: Cast, lakeside: Agency, jos: Client, jo: User
    ):
        for number in range(9):
            _open(lakeside, f"Branch {number}")

        whole = jos.get("/accounts/clinics/")
        found = jos.get("/accounts/clinics/?q=BRANCH+7")
        none = jos.get("/accounts/clinics/?q=zz")

        assert len(whole.context["clinics"]) == 10
        assert "Find a clinic by name" in whole.content.decode()
        assert [one.name for one in found.context["clinics"]] == ["Branch 7"]
        assert "No clinic of yours has" in none.content.decode()


def _open(agency: Agency, name: str) -> None:
    clinic = Organization(
        name=name,
        slug=name.lower().replace(" ", "-"),
        timezone="America/Chicago",
        country="US",
        jurisdiction="US-IL",
        agency=agency,
        created_at=NOW,
    )
    with tenancy.scope(clinic.id):
        clinic.save(force_insert=True)


class TestNewClinic:
    def test_is_opened_under_the_agency_and_its_owner_invited(
        self, cast: Cast, lakeside: Agency, jos: Client, jo: User
    ):
        answer = jos.post(f"{AGENCY}{lakeside.id}/new-clinic/", CEDAR)
        guest, link = Client(), link_in_last_letter()
        guest.post(link, {"full_name": "Olga Ort", "password": "three words are good"})

        assert answer.headers["Location"] == AGENCY
        (cedar_id,) = set(organization_ids()) - {
            cast.alder.organization.id,
            cast.birch.organization.id,
        }
        with tenancy.scope(cedar_id):
            cedar = Organization.objects.get()
            members = list(Membership.objects.values_list("user__email", "role"))
            rows = AuditLog.objects.order_by("at", "id")
            actions = [(row.action, row.actor_id == jo.id) for row in rows]
        assert (cedar.name, cedar.agency_id) == ("Cedar Eyes", lakeside.id)
        assert members == [("olga@cedar.example", "owner")]
        assert actions == [
            ("accounts.organization.created", True),
            ("accounts.invitation.made", True),
            ("accounts.invitation.accepted", False),
        ]

    def test_is_not_opened_for_oneself(
        self, cast: Cast, lakeside: Agency, jos: Client, jo: User
    ):
        answer = jos.post(
            f"{AGENCY}{lakeside.id}/new-clinic/", CEDAR | {"owner_email": jo.email}
        )

        assert answer.status_code == 422
        assert "Somebody of the clinic must own it" in answer.content.decode()
        assert len(organization_ids()) == 2

    def test_is_not_opened_under_another_agency(
        self, cast: Cast, lakeside: Agency, jos: Client
    ):
        other = Agency.objects.create(name="Other")

        for agency_id in (other.id, uuid7()):
            answer = jos.post(f"{AGENCY}{agency_id}/new-clinic/", CEDAR)
            assert answer.status_code == 404
        assert len(organization_ids()) == 2

    def test_takes_its_agency_from_the_address_alone(
        self, cast: Cast, lakeside: Agency, jos: Client
    ):
        other = Agency.objects.create(name="Other")

        jos.post(
            f"{AGENCY}{lakeside.id}/new-clinic/",
            CEDAR | {"agency": str(other.id), "agency_id": str(other.id)},
        )

        (cedar_id,) = set(organization_ids()) - {
            cast.alder.organization.id,
            cast.birch.organization.id,
        }
        with tenancy.scope(cedar_id):
            assert Organization.objects.get().agency_id == lakeside.id
            assert Invitation.objects.get().role == Role.OWNER


class TestLeaving:
    def test_by_an_owner_ends_what_the_agency_sees(
        self, cast: Cast, lakeside: Agency, jos: Client, signed_in: SignIn
    ):
        adas = signed_in(cast.ada)
        assert jos.get("/app/").status_code == 200

        shown = adas.get(END).content.decode()
        answer = adas.post(END)

        assert "Leave Lakeside Support?" in shown
        assert answer.headers["Location"] == "/app/settings/clinic/"
        assert _agency_of(cast) is None
        assert jos.get("/app/").status_code == 404
        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="accounts.agency.left")
        assert (row.actor_id, without_hashes(row.facts)) == (
            cast.ada.id,
            {"agency_id": str(lakeside.id)},
        )

    def test_is_not_the_agencys_own_to_do(
        self, cast: Cast, lakeside: Agency, jos: Client, signed_in: SignIn
    ):
        assert jos.post(END).status_code == 403
        assert signed_in(cast.ben).post(END).status_code == 403
        assert Client().post(END).status_code == 302
        assert signed_in(cast.dot).post(END).status_code == 409
        assert _agency_of(cast) == lakeside.id
