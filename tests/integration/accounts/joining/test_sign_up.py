from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.test import Client

from accounts.guessing.limits import SIGN_UP_FORM
from accounts.joining import forms, sign_up_views
from accounts.joining.models import SignUp
from accounts.joining.services.clear_sign_ups import clear_sign_ups
from accounts.models import Membership, Organization, User
from accounts.way_in import organization_ids, signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.joining.letters import (
    letters,
    link_in_last_letter,
    run_jobs,
)

FERN = {
    "clinic_name": "Fern Dental",
    "country": "US",
    "state": "US-CA",
    "timezone": "America/Los_Angeles",
    "region": "us",
    "full_name": "Fay Fern",
    "email": "Fay@fern.example",
    "password": "three words are good",
}


def _ask(client: Client, **other: str):
    return client.post("/accounts/sign-up/", FERN | other)


def _sign_ups() -> list[SignUp]:
    with signing_in():
        return list(SignUp.objects.all())


def _user(email: str) -> User | None:
    with signing_in():
        return User.objects.filter(email=email).first()


def _age(**span: int) -> None:
    """Make the sign-ups older."""
    with signing_in():
        for row in SignUp.objects.all():
            row.sent_at -= timedelta(**span)
            row.expires_at -= timedelta(**span)
            row.save()


class TestSignUp:
    def test_opens_a_clinic_once_the_link_is_used(self, cast: Cast):
        client = Client()

        asked = _ask(client)
        before = len(organization_ids())
        link = link_in_last_letter()
        shown = client.get(link)
        untouched = len(organization_ids())
        done = client.post(link)

        assert asked.headers["Location"] == "/accounts/sign-up/sent/"
        assert "Open Fern Dental?" in shown.content.decode()
        assert before == untouched == 2
        assert done.headers["Location"] == "/accounts/sign-up/done/"
        user = _user("fay@fern.example")
        assert user is not None
        assert user.email_verified_at is not None
        assert (user.full_name, user.is_staff, user.is_superuser) == (
            "Fay Fern",
            False,
            False,
        )
        assert check_password(FERN["password"], user.password)
        (clinic_id,) = set(organization_ids()) - {
            cast.alder.organization.id,
            cast.birch.organization.id,
        }
        with tenancy.scope(clinic_id):
            clinic = Organization.objects.get()
            member = Membership.objects.get()
            rows = AuditLog.objects.order_by("at", "id")
            actions = [(row.action, row.actor_id) for row in rows]
        assert (clinic.name, clinic.slug, clinic.region) == (
            "Fern Dental",
            "fern-dental",
            "us",
        )
        assert (clinic.timezone, clinic.country, clinic.jurisdiction) == (
            "America/Los_Angeles",
            "US",
            "US-CA",
        )
        assert (member.user_id, member.role) == (user.id, "owner")
        assert actions == [
            ("accounts.organization.created", user.id),
            ("accounts.sign_up.confirmed", user.id),
        ]
        assert _sign_ups() == []

    def test_leads_to_the_dashboard_of_the_new_clinic(
        self, cast: Cast, signed_in: SignIn
    ):
        client = Client()
        _ask(client)
        client.post(link_in_last_letter())
        user = _user("fay@fern.example")
        assert user is not None

        answer = signed_in(user).get("/app/")

        assert answer.status_code == 200
        assert answer.context["chrome"].clinic == "Fern Dental"

    def test_makes_nothing_before(self, cast: Cast):
        _ask(Client())

        assert _user("fay@fern.example") is None
        (row,) = _sign_ups()
        assert row.password.startswith("md5$")
        assert row.email == "fay@fern.example"

    @pytest.mark.parametrize("email", ["fay@fern.example", "ada@alder-clinic.example"])
    def test_answers_the_same_for_a_known_and_an_unknown_address(
        self, cast: Cast, email: str
    ):
        client = Client()

        answer = _ask(client, email=email)

        page = client.get(answer.headers["Location"])
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            "/accounts/sign-up/sent/",
        )
        assert (page.status_code, len(page.content)) == (
            200,
            len(Client().get("/accounts/sign-up/sent/").content),
        )
        assert email not in page.content.decode()
        assert len(_sign_ups()) == 1

    def test_tells_whom_the_address_belongs_that_there_is_an_account(self, cast: Cast):
        _ask(Client(), email=cast.ada.email)

        assert letters() == [(cast.ada.email, "You have an account at SonderVoice")]

    def test_keeps_what_strangers_write_out_of_the_letter(self, cast: Cast):
        _ask(Client(), clinic_name="CANARY one", full_name="CANARY two")
        run_jobs()

        assert "CANARY" not in mail.outbox[0].subject + str(mail.outbox[0].body)

    def test_asks_for_the_password_in_another_browser(self, cast: Cast):
        _ask(Client())
        link, other = link_in_last_letter(), Client()

        shown = other.get(link).content.decode()
        wrong = other.post(link, {"password": "not the password"})
        nobody = _user("fay@fern.example")
        right = other.post(link, {"password": FERN["password"]})

        assert "The password you chose" in shown
        assert wrong.status_code == 422
        assert nobody is None
        assert right.status_code == 302
        assert _user("fay@fern.example") is not None

    @pytest.mark.parametrize("is_one_place", [True, False])
    def test_hashes_no_more_than_ten_passwords_of_another_browser(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch, is_one_place
    ):
        _ask(Client())
        link, hashed = link_in_last_letter(), []
        monkeypatch.setattr(
            sign_up_views, "check_password", lambda *_: hashed.append(1)
        )

        answers = []
        for number in range(12):
            place = "192.0.2.1" if is_one_place else f"192.0.2.{number}"
            other = Client(REMOTE_ADDR=place)
            answers.append(other.post(link, {"password": "wrong"}).status_code)

        assert answers == [422] * 10 + [429] * 2
        assert len(hashed) == 10
        assert len(_sign_ups()) == 1
        assert _user("fay@fern.example") is None

    def test_looks_at_no_more_than_sixty_forms_an_hour_of_one_place(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ):
        few = replace(SIGN_UP_FORM, tries=2)
        monkeypatch.setattr(sign_up_views, "SIGN_UP_FORM", few)
        judged = []
        monkeypatch.setattr(
            forms, "check_password_for", lambda *_, **__: judged.append(1)
        )

        found = [_ask(Client(), clinic_name="").status_code for _ in range(3)]

        assert found == [422, 422, 429]
        assert len(judged) == 2

    def test_of_a_stranger_in_my_name_is_not_confirmed_by_my_click(self, cast: Cast):
        mine, strangers = Client(), Client()
        _ask(mine)
        _age(minutes=2)
        _ask(strangers, password="a strangers own words")

        link = link_in_last_letter()
        answer = mine.post(link)

        assert answer.status_code == 422
        assert _user("fay@fern.example") is None

    def test_ignores_what_the_form_does_not_ask(self, cast: Cast):
        client = Client()
        _ask(client, is_staff="1", is_superuser="1", role="administrator", plan="pro")

        client.post(link_in_last_letter(), {"is_staff": "1", "agency": "1"})

        user = _user("fay@fern.example")
        assert user is not None
        assert (user.is_staff, user.is_superuser) == (False, False)

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("timezone", "Mars/Olympus", "Choose one from the list"),
            ("timezone", "", "Choose a time zone."),
            ("country", "XX", "Choose a country from the list."),
            ("state", "CA-QC", "This state lies in another country."),
            ("region", "moon", "Choose where the data rests."),
            ("email", "fay", "This is not an e-mail address."),
            ("password", "short", "at least 12 characters"),
            ("password", "password1234", "too common"),
            ("password", "fay@fern.example", "too similar"),
            ("clinic_name", "See http://evil.example", "without web addresses"),
            ("full_name", "Fay\nBcc: x", "without web addresses"),
        ],
    )
    def test_says_what_is_not_right(
        self, cast: Cast, field: str, value: str, words: str
    ):
        answer = _ask(Client(), **{field: value})

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "three words are good" not in answer.content.decode()
        assert _sign_ups() == []

    def test_offers_no_region_in_which_nothing_can_be_stored(
        self, cast: Cast, settings
    ):
        settings.DATA_REGIONS = ("eu",)

        page = Client().get("/accounts/sign-up/").content.decode()
        answer = _ask(Client(), region="us")

        assert ("European Union" in page, "United States</label>" in page) == (
            True,
            False,
        )
        assert answer.status_code == 422
        assert "Choose where the data rests." in answer.content.decode()
        assert _sign_ups() == []

    def test_opens_no_clinic_whose_region_was_given_up_meanwhile(
        self, cast: Cast, settings
    ):
        client = Client()
        _ask(client)
        before = len(organization_ids())
        settings.DATA_REGIONS = ("eu",)

        answer = client.post(link_in_last_letter())

        assert answer.status_code == 422
        assert "cannot be stored in this region" in answer.content.decode()
        assert len(organization_ids()) == before
        assert _user("fay@fern.example") is None


class TestLink:
    def test_is_good_once(self, cast: Cast):
        client = Client()
        _ask(client)
        link = link_in_last_letter()

        client.post(link)

        assert client.get(link).status_code == 404
        assert client.post(link).status_code == 404
        assert len(organization_ids()) == 3

    def test_is_dead_after_a_day(self, cast: Cast):
        client = Client()
        _ask(client)
        link = link_in_last_letter()

        _age(hours=24)

        assert client.post(link).status_code == 404
        assert clear_sign_ups(now=utc_now()) == 1
        assert _sign_ups() == []

    def test_is_dead_once_a_newer_one_was_sent(self, cast: Cast):
        client = Client()
        _ask(client)
        first = link_in_last_letter()
        _age(minutes=2)
        _ask(client)
        second = link_in_last_letter()

        assert client.post(first).status_code == 404
        assert client.post(second).status_code == 302

    def test_is_worth_nothing_when_changed(self, cast: Cast):
        client = Client()
        _ask(client)
        link = link_in_last_letter()

        assert client.post(link[:-3] + "xx/").status_code == 404
        assert client.post(link.replace("sign-up", "invitations")).status_code == 404
        assert _user("fay@fern.example") is None

    def test_of_an_address_that_has_an_account_by_now_is_dead(self, cast: Cast):
        client = Client()
        _ask(client)
        link = link_in_last_letter()
        with signing_in():
            User.objects.create_user("fay@fern.example", created_at=utc_now())

        assert client.post(link).status_code == 404
        assert len(organization_ids()) == 2

    def test_says_the_same_words_whatever_killed_it(self, cast: Cast):
        words = "This link was used, replaced or has run out. Ask for a new one."

        assert words in Client().get("/accounts/sign-up/x/").content.decode()
        assert words in Client().get("/accounts/invitations/x/").content.decode()


class TestLetters:
    def test_are_sent_once_a_minute_and_six_times_a_day(self, cast: Cast):
        client = Client()
        for _ in range(3):
            assert _ask(client).status_code == 302
        assert len(letters()) == 1

        for _ in range(7):
            _age(minutes=2)
            assert _ask(client).status_code == 302

        assert len(letters()) == 5
        assert len(_sign_ups()) == 1
