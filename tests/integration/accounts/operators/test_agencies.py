import pytest
from django.core import mail
from django.db import connections
from django.test import Client

from accounts.models import Agency, AgencyMembership, Organization, User
from accounts.operators.desk import at_desk, settle_agency_act
from accounts.way_in import organizations_for_user, signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.jobs import run_waiting
from tests.cast import NOW, Cast, make_person
from tests.cast_fixtures import SignIn
from tests.integration.accounts.joining.letters import link_in_last_letter
from tests.integration.accounts.operators.conftest import (
    ask_for,
    close_as_two,
    hashes,
)
from tests.owner import as_owner

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])

WHY = "Contract 12"


def _verified(name: str, email: str) -> User:
    person = make_person(name, email)
    with signing_in():
        User.objects.filter(pk=person.pk).update(email_verified_at=NOW)
    return person


@pytest.fixture
def jo(cast: Cast) -> User:
    return _verified("Jo Jansen", "jo@lakeside.example")


@pytest.fixture
def kim(cast: Cast) -> User:
    return _verified("Kim Roth", "kim@lakeside.example")


@pytest.fixture
def agency(cast: Cast, jo: User) -> Agency:
    """Alder's agency, which Jo administers."""
    agency = Agency.objects.create(name="Lakeside")
    with signing_in():
        AgencyMembership.objects.create(agency=agency, user=jo, created_at=NOW)
    with tenancy.scope(cast.alder.organization.pk):
        Organization.objects.update(agency=agency)
    return agency


def _approve(client: Client, act_id: str) -> int:
    return client.post(f"/admin/acts/{act_id}/approve/").status_code


def _administrators() -> set[object]:
    rows = as_owner("SELECT user_id FROM accounts_agencymembership", [])
    return {user_id for (user_id,) in rows}


def _rows(action: str) -> list[tuple[object, object]]:
    rows = AuditLog.objects.filter(action=action)
    return [(row.actor_id, row.subject_id) for row in rows]


def _letters() -> dict[str, str]:
    run_waiting()
    return {one.to[0]: str(one.body) for one in mail.outbox}


class TestAgency:
    def test_is_made_by_two_with_an_administrator_who_then_opens_it(
        self, cast: Cast, jo: User, tove: User, sam: User, signed_in: SignIn
    ):
        body = {"name": "Lakeside", "email": jo.email.upper(), "reason": WHY}
        act_id = ask_for(signed_in(tove), "/admin/agencies/", body)
        asked = (Agency.objects.count(), _administrators())

        answer = _approve(signed_in(sam), act_id)

        assert (answer, asked) == (302, (0, set()))
        agency = Agency.objects.get()
        assert (agency.name, _administrators()) == ("Lakeside", {jo.pk})
        made = AuditLog.unscoped.get(action="accounts.agency.made")
        assert (made.actor_id, made.subject_id) == (sam.pk, agency.pk)
        assert made.facts == {"act": act_id, "asked_by": str(tove.pk)}
        letters = _letters()
        assert set(letters) == {jo.email}
        for words in ("Lakeside", WHY, "Tove Lind", "Sam Idowu"):
            assert words in letters[jo.email]
        page = signed_in(jo).get("/accounts/agency/")
        assert (page.status_code, b"Lakeside" in page.content) == (200, True)

    @pytest.mark.parametrize("whose", ["nobody", "unconfirmed", "closed"])
    def test_is_not_asked_for_with_an_administrator_who_cannot_be_one(
        self, cast: Cast, jo: User, tove: User, signed_in: SignIn, whose: str
    ):
        as_owner("UPDATE accounts_user SET is_active = false WHERE id = %s", [jo.pk])
        address = {
            "nobody": "x@nowhere.example",
            "unconfirmed": cast.eve.email,
            "closed": jo.email,
        }[whose]
        client = signed_in(tove)
        before = hashes()

        answer = client.post(
            "/admin/agencies/", {"name": "Lakeside", "email": address, "reason": WHY}
        )

        assert answer.headers["Location"] == "/admin/"
        assert hashes() == before


class TestAdministrator:
    def test_is_added_by_two_and_all_of_the_agency_are_told(
        self,
        cast: Cast,
        agency: Agency,
        jo: User,
        kim: User,
        tove: User,
        sam: User,
        signed_in: SignIn,
    ):
        address = f"/admin/agencies/{agency.pk}/administrators/"
        body = {"email": kim.email, "reason": WHY}
        kims = signed_in(kim)
        assert kims.get("/accounts/close/").status_code == 200
        act_id = ask_for(signed_in(tove), address, body)
        asked = _administrators()

        answer = _approve(signed_in(sam), act_id)

        assert (answer, asked) == (302, {jo.pk})
        # The session that may do more is not the one that began with less.
        gone = kims.get("/accounts/close/")
        assert gone.headers["Location"].startswith("/accounts/login/")
        assert _administrators() == {jo.pk, kim.pk}
        with tenancy.scope(cast.alder.organization.pk):
            rows = _rows("accounts.agency_administrator.added")
        with tenancy.scope(cast.birch.organization.pk):
            others = _rows("accounts.agency_administrator.added")
        assert (rows, others) == ([(sam.pk, kim.pk)], [])
        letters = _letters()
        assert set(letters) == {jo.email, kim.email}
        assert all("Kim Roth administers" in one for one in letters.values())

    def test_is_removed_by_two_and_signed_out(
        self,
        cast: Cast,
        agency: Agency,
        jo: User,
        tove: User,
        sam: User,
        signed_in: SignIn,
    ):
        client = signed_in(jo)
        assert client.get("/accounts/agency/").status_code == 200
        address = f"/admin/agencies/{agency.pk}/administrators/{jo.pk}/remove/"
        act_id = ask_for(signed_in(tove), address, {"reason": WHY})
        asked = organizations_for_user(jo.pk)

        answer = _approve(signed_in(sam), act_id)

        assert (answer, asked) == (302, [cast.alder.organization.pk])
        assert organizations_for_user(jo.pk) == []
        assert client.get("/accounts/agency/").status_code == 302
        with tenancy.scope(cast.alder.organization.pk):
            rows = _rows("accounts.agency_administrator.removed")
        assert rows == [(sam.pk, jo.pk)]
        assert "does not administer" in _letters()[jo.email]

    def test_is_not_removed_or_added_by_one_operator(
        self,
        cast: Cast,
        agency: Agency,
        jo: User,
        kim: User,
        tove: User,
        signed_in: SignIn,
    ):
        client = signed_in(tove)
        place = f"/admin/agencies/{agency.pk}/administrators/"
        acts = [
            ask_for(client, place, {"email": kim.email, "reason": WHY}),
            ask_for(client, f"{place}{jo.pk}/remove/", {"reason": WHY}),
        ]

        answers = [_approve(client, one) for one in acts]
        # The database looks for the second person itself, at the desk as elsewhere.
        with at_desk(tove.pk):
            by_hand = [settle_agency_act(one) for one in acts]
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT settle_agency_act(%s, %s)", [acts[0], uuid7()])
            elsewhere = cursor.fetchone()

        assert (answers, by_hand, elsewhere) == ([403, 403], [False, False], (False,))
        assert _administrators() == {jo.pk}

    def test_is_not_added_or_removed_twice(
        self,
        cast: Cast,
        agency: Agency,
        jo: User,
        kim: User,
        tove: User,
        sam: User,
        signed_in: SignIn,
    ):
        client, second = signed_in(tove), signed_in(sam)
        place = f"/admin/agencies/{agency.pk}/administrators/"
        remove = f"{place}{jo.pk}/remove/"
        acts = [ask_for(client, remove, {"reason": WHY}) for _ in range(2)]
        _approve(second, acts[0])
        before = hashes()

        answers = [
            _approve(second, acts[1]),
            client.post(remove, {"reason": WHY}).status_code,
            client.post(f"{place}{kim.pk}/remove/", {"reason": WHY}).status_code,
        ]

        assert answers == [404, 404, 404]
        assert hashes() == before

    def test_of_an_agency_stand_on_its_page_with_masked_addresses(
        self, cast: Cast, agency: Agency, jo: User, tove: User, signed_in: SignIn
    ):
        page = signed_in(tove).get(f"/admin/agency/{agency.pk}/").content.decode()

        assert "Jo Jansen" in page
        assert "1 clinic." in page
        assert "j•••@lakeside.example" in page
        assert jo.email not in page


class TestOwnerOfAClinicThatHasLostItsOwn:
    WISH = {"email": "olga@alder-clinic.example", "role": "owner", "days": "7"}

    def test_is_invited_by_the_agency_once_the_old_one_had_time_to_answer(
        self,
        cast: Cast,
        agency: Agency,
        jo: User,
        tove: User,
        sam: User,
        signed_in: SignIn,
    ):
        close_as_two(signed_in(tove), signed_in(sam), cast.ada)
        jos = signed_in(jo)
        before = hashes()

        early = jos.post("/app/settings/people/invite/", self.WISH)

        assert (early.status_code, hashes()) == (403, before)
        as_owner(
            "UPDATE operators_operatoract SET approved_at = approved_at - "
            "interval '7 days'",
            [],
        )
        answer = jos.post("/app/settings/people/invite/", self.WISH)
        assert answer.status_code == 302
        page = Client().get(link_in_last_letter(), follow=True)
        assert page.status_code == 200
        assert "owner" in page.content.decode()
