import pytest
from django.conf import settings
from django.test import Client

from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.cast import NOW, PASSWORD, Cast
from tests.cast_factor import sign_in_without_factor
from tests.cast_fixtures import SignIn
from tests.clock import StoppedClock
from tests.integration.accounts.sessions.rows import (
    ends_of,
    epoch_of,
    record_of,
    sessions_of,
    sign_in,
)

FIREFOX = {"User-Agent": "Mozilla/5.0 (Macintosh) Gecko/20100101 Firefox/140.0"}
CHROME = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36"}


class TestOwnSessions:
    def test_show_this_one_and_those_that_ended(self, cast: Cast):
        sign_in(cast.ben, **FIREFOX)
        client = sign_in(cast.ben, **CHROME)

        answer = client.get("/accounts/sessions/")

        (here,) = answer.context["open"]
        (ended,) = answer.context["ended"]
        assert (here.device, here.where) == ("Chrome on Windows", "127.0.0.1")
        assert here.is_here
        assert (ended.device, ended.why) == (
            "Firefox on a Mac",
            "You signed in elsewhere",
        )
        assert not ended.is_here
        words = answer.content.decode()
        assert words.count("You are here") == 1
        assert "Times are Chicago time." in words

    def test_show_nobody_elses(self, cast: Cast, signed_in: SignIn):
        signed_in(cast.ada)

        answer = signed_in(cast.ben).get("/accounts/sessions/")

        assert [row.is_here for row in answer.context["open"]] == [True]
        assert answer.context["ended"] == []

    def test_forget_what_ended_more_than_thirty_days_ago(
        self, cast: Cast, stopped_clock: StoppedClock
    ):
        sign_in(cast.ben)
        sign_in(cast.ben)
        stopped_clock.move(days=30, seconds=1)
        client = sign_in(cast.ben)

        ended = client.get("/accounts/sessions/").context["ended"]

        assert [row.why for row in ended] == ["Quiet for too long"]

    def test_wait_for_the_second_factor_of_who_has_one(self, cast: Cast):
        with signing_in():
            cast.ben.second_factor_since = NOW
            cast.ben.save(update_fields=["second_factor_since"])
        client = sign_in_without_factor(cast.ben)

        answer = client.get("/accounts/sessions/")

        assert answer.headers["Location"] == (
            "/accounts/second-factor/verify/?next=%2Faccounts%2Fsessions%2F"
        )

    def test_are_linked_from_ones_own_sign_in(self, cast: Cast, signed_in: SignIn):
        words = signed_in(cast.ben).get("/accounts/second-factor/").content.decode()

        assert 'href="/accounts/sessions/"' in words

    @pytest.mark.parametrize("path", ["", "end/"])
    def test_are_a_strangers_after_signing_in_alone(self, cast: Cast, path: str):
        answer = Client().get(f"/accounts/sessions/{path}")

        assert answer.status_code == 302
        assert answer.headers["Location"] == (
            f"/accounts/login/?next=/accounts/sessions/{path}"
        )


class TestEndAll:
    def test_ends_this_one_too_and_raises_the_number(self, cast: Cast):
        client = sign_in(cast.ben)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        before = epoch_of(cast.ben)

        answer = client.post("/accounts/sessions/end/")
        said = client.get("/accounts/login/").content.decode()

        replay = Client()
        replay.cookies[settings.SESSION_COOKIE_NAME] = cookie
        assert answer.headers["Location"] == "/accounts/login/"
        assert "You ended all your sessions." in said
        assert client.get("/app/").status_code == 302
        assert replay.get("/app/").status_code == 302
        assert ends_of(cast.ben) == ["ended_by_person"]
        assert epoch_of(cast.ben) == before + 1
        assert record_of() == ["accounts.session.opened", "accounts.session.ended"]

    def test_asks_first(self, cast: Cast):
        client = sign_in(cast.ben)

        answer = client.get("/accounts/sessions/end/")

        assert "End all sessions?" in answer.content.decode()
        assert client.get("/app/").status_code == 200
        assert ends_of(cast.ben) == [""]

    def test_is_nothing_to_a_stranger(self, cast: Cast):
        sign_in(cast.ben)

        answer = Client().post("/accounts/sessions/end/")

        assert answer.status_code == 302
        assert ends_of(cast.ben) == [""]

    def test_is_no_other_sites_to_do(self, cast: Cast):
        client = Client(enforce_csrf_checks=True)
        token = client.get("/accounts/login/").context["csrf_token"]
        client.post(
            "/accounts/login/",
            {
                "login": cast.ben.email,
                "password": PASSWORD,
                "csrfmiddlewaretoken": str(token),
            },
        )

        answer = client.post("/accounts/sessions/end/")

        assert answer.status_code == 403
        assert ends_of(cast.ben) == [""]


class TestStay:
    def test_is_activity(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        client = signed_in(cast.ben)
        now = stopped_clock.move(minutes=59)

        answer = client.post("/accounts/sessions/stay/")

        assert answer.status_code == 204
        assert sessions_of(cast.ben)[0].last_seen_at == now

    def test_takes_a_form_alone_and_nobody_unknown(self, cast: Cast, signed_in: SignIn):
        assert signed_in(cast.ben).get("/accounts/sessions/stay/").status_code == 405
        assert Client().post("/accounts/sessions/stay/").status_code == 302


class TestSignOut:
    def test_ends_the_row_and_lowers_nothing(self, cast: Cast):
        client = sign_in(cast.ben)
        before = epoch_of(cast.ben)

        client.post("/accounts/logout/")

        assert ends_of(cast.ben) == ["signed_out"]
        assert epoch_of(cast.ben) == before
        assert record_of() == ["accounts.session.opened", "accounts.session.closed"]


class TestRecord:
    def test_of_a_clinic_has_its_peoples_comings(self, cast: Cast):
        sign_in(cast.ben)
        sign_in(cast.ben).post("/accounts/logout/")
        sign_in(cast.dot)

        with tenancy.scope(cast.alder.organization.id):
            rows = list(AuditLog.objects.order_by("at", "id"))

        assert [(row.action, row.actor_id) for row in rows] == [
            ("accounts.session.opened", cast.ben.id),
            ("accounts.session.opened", cast.ben.id),
            ("accounts.session.superseded", cast.ben.id),
            ("accounts.session.closed", cast.ben.id),
        ]
        first, _ = sessions_of(cast.ben)
        assert rows[2].subject_id == first.id
        assert rows[2].facts == {"user": str(cast.ben.id)}
        assert {row.organization_id for row in rows} == {cast.alder.organization.id}

    def test_has_somebody_of_no_clinic_once(self, cast: Cast):
        sign_in(cast.eve)

        assert record_of() == ["accounts.session.opened"]


class TestPlace:
    @pytest.mark.parametrize(
        ("header", "proxies", "place"),
        [("CF-IPCity", 1, "Chicago"), ("CF-IPCity", 0, ""), ("", 1, "")],
    )
    def test_is_believed_of_a_proxy_of_ours_alone(
        self, cast: Cast, settings, header: str, proxies: int, place: str
    ):
        settings.PLACE_HEADER = header
        settings.TRUSTED_PROXIES = proxies

        sign_in(cast.ben, **{"CF-IPCity": "Chicago\x07", "X-Forwarded-For": "8.8.8.8"})

        assert sessions_of(cast.ben)[0].place == place

    def test_stands_beside_the_address(self, cast: Cast, settings):
        settings.PLACE_HEADER = "CF-IPCity"
        settings.TRUSTED_PROXIES = 1
        headers = {"CF-IPCity": "Chicago", "X-Forwarded-For": "203.0.113.9"}

        client = sign_in(cast.ben, **headers)

        (here,) = client.get("/accounts/sessions/").context["open"]
        assert here.where == "203.0.113.9, Chicago"

    def test_that_is_new_for_the_person_is_written_down(self, cast: Cast, settings):
        settings.PLACE_HEADER = "CF-IPCity"
        settings.TRUSTED_PROXIES = 1

        for place in ("Chicago", "Chicago", "Cologne", "Chicago"):
            sign_in(cast.ben, **{"CF-IPCity": place, "X-Forwarded-For": "8.8.8.8"})

        with tenancy.scope(cast.alder.organization.id):
            (row,) = AuditLog.objects.filter(action="accounts.sign_in.moved")
        assert (row.actor_id, row.subject_id) == (cast.ben.id, cast.ben.id)
        assert (row.fields, row.facts) == ([], {})

    def test_is_never_new_where_no_proxy_says_it(self, cast: Cast):
        for address in ("8.8.8.8", "203.0.113.9"):
            sign_in(cast.ben, **{"X-Forwarded-For": address})

        assert "accounts.sign_in.moved" not in record_of()
