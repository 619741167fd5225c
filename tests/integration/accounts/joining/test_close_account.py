from django.test import Client

from accounts.models import Agency, AgencyMembership, User
from accounts.permissions import Role
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel.clock import utc_now
from tests.cast import NOW, Cast, join
from tests.cast_factor import give_phone
from tests.integration.accounts.joining.conftest import PEOPLE, House

CLOSE = "/accounts/close/"


def _user(user: User) -> User:
    with signing_in():
        return User.objects.get(pk=user.pk)


class TestClosing:
    def test_leaves_every_clinic_and_agency(
        self, cast: Cast, alder: House, birch: House, bens: Client
    ):
        join(cast.birch, cast.ben, Role.AUDITOR)
        with signing_in():
            agency = Agency.objects.create(name="Lakeside")
            AgencyMembership.objects.create(
                agency=agency, user=cast.ben, created_at=NOW
            )

        before = _user(cast.ben).session_epoch

        answer = bens.post(CLOSE, {"email": "Ben@alder-clinic.example"})

        assert "This account is closed" in answer.content.decode()
        assert bens.get("/app/").headers["Location"].startswith("/accounts/login/")
        assert _user(cast.ben).is_active is False
        # Once for each clinic that was left, once for the account.
        assert _user(cast.ben).session_epoch == before + 3
        assert "Ben Osei" not in dict(alder.roles())
        assert "Ben Osei" not in dict(birch.roles())
        with signing_in():
            assert not AgencyMembership.objects.exists()
        rows = AuditLog.unscoped.filter(action="accounts.user.closed")
        assert [row.actor_id for row in rows] == [cast.ben.id]

    def test_asks_for_ones_own_address(self, cast: Cast, alder: House, bens: Client):
        answer = bens.post(CLOSE, {"email": cast.cy.email})

        assert bens.get(CLOSE).status_code == 200
        assert answer.status_code == 422
        assert _user(cast.ben).is_active is True
        assert _user(cast.cy).is_active is True
        assert len(alder.roles()) == 3

    def test_is_refused_to_the_last_owner_of_any_clinic(
        self, cast: Cast, alder: House, birch: House, adas: Client
    ):
        join(cast.birch, cast.ada, Role.AUDITOR)

        answer = adas.post(CLOSE, {"email": cast.ada.email})

        assert answer.status_code == 422
        assert "A clinic needs an owner." in answer.content.decode()
        assert _user(cast.ada).is_active is True
        assert "Ada Lindgren" in dict(alder.roles())
        assert "Ada Lindgren" in dict(birch.roles())

    def test_asks_who_has_a_second_factor_to_show_it(self, cast: Cast):
        client = Client()
        with signing_in():
            User.objects.filter(pk=cast.ben.pk).update(second_factor_since=NOW)
            client.force_login(cast.ben)

        answer = client.post(CLOSE, {"email": cast.ben.email})

        assert answer.headers["Location"].startswith("/accounts/second-factor/verify/")
        assert _user(cast.ben).is_active is True

    def test_wants_a_second_factor_of_the_last_five_minutes(
        self, cast: Cast, bens: Client
    ):
        give_phone(cast.ben, now=utc_now())
        session = bens.session
        session["second_factor_at"] = int(utc_now().timestamp()) - 301
        session.save()

        answer = bens.post(CLOSE, {"email": cast.ben.email})

        assert answer.headers["Location"].startswith("/accounts/second-factor/verify/")
        assert _user(cast.ben).is_active is True

    def test_is_nothing_to_a_stranger(self, cast: Cast):
        answer = Client().post(CLOSE, {"email": cast.ben.email})

        assert answer.headers["Location"].startswith("/accounts/login/")
        assert _user(cast.ben).is_active is True

    def test_cannot_be_undone_by_a_clinic(
        self, cast: Cast, alder: House, bens: Client, adas: Client
    ):
        bens.post(CLOSE, {"email": cast.ben.email})
        row = alder.member(cast.ben)

        answer = adas.post(f"{PEOPLE}{row.id}/take-back/")

        assert answer.status_code == 409
        assert "Account closed" in adas.get(PEOPLE).content.decode()
        assert alder.member(cast.ben).ended_at is not None
