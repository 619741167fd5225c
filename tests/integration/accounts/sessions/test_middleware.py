import hashlib

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency, AgencyMembership, CustomRole, Organization
from accounts.permissions import Role
from accounts.services.end_sessions import end_member_sessions, end_own_sessions
from accounts.sessions.models import LoginSession
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.tenancy import set_local
from tests.cast import NOW, Cast, join
from tests.cast_fixtures import SignIn
from tests.clock import StoppedClock
from tests.integration.accounts.sessions.rows import (
    ends_of,
    epoch_of,
    record_of,
    sessions_of,
    sign_in,
)


def _is_in(client: Client) -> bool:
    answer = client.get("/app/")
    assert answer.status_code in {200, 302}
    return answer.status_code == 200


def _notice(client: Client) -> str:
    return client.get("/accounts/login/").content.decode()


class TestOneSession:
    def test_ends_the_older_browser_at_its_next_request(self, cast: Cast):
        first = sign_in(cast.ben)
        second = sign_in(cast.ben, **{"User-Agent": "Windows Chrome/130 Safari/537"})

        answer = first.get("/app/calls/")

        assert answer.status_code == 302
        assert answer.headers["Location"] == "/accounts/login/?next=/app/calls/"
        assert "You signed in elsewhere" in _notice(first)
        assert "Chrome on Windows" in _notice(first)
        assert _is_in(second)
        assert ends_of(cast.ben) == ["superseded", ""]
        assert epoch_of(cast.ben) == 2
        assert record_of() == [
            "accounts.session.opened",
            "accounts.session.opened",
            "accounts.session.superseded",
        ]

    def test_of_another_person_stands(self, cast: Cast):
        bens = sign_in(cast.ben)
        sign_in(cast.ada)

        assert _is_in(bens)
        assert ends_of(cast.ben) == [""]

    def test_leaves_a_replayed_cookie_dead(self, cast: Cast):
        first = sign_in(cast.ben)
        cookie = first.cookies[settings.SESSION_COOKIE_NAME].value
        sign_in(cast.ben)
        assert not _is_in(first)

        for _ in range(2):
            replay = Client()
            replay.cookies[settings.SESSION_COOKIE_NAME] = cookie
            assert not _is_in(replay)

        assert ends_of(cast.ben) == ["superseded", ""]

    def test_is_refused_before_the_form_is_read(self, cast: Cast):
        first = sign_in(cast.ben)
        sign_in(cast.ben)

        answer = first.post(f"/accounts/clinics/{cast.alder.organization.id}/")

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/")
        assert "accounts.clinic.opened" not in record_of("accounts.")


class TestIdle:
    @pytest.mark.parametrize(("who", "minutes"), [("ben", 60), ("ada", 15)])
    def test_passes_a_second_before_and_not_a_second_after(
        self,
        cast: Cast,
        signed_in: SignIn,
        stopped_clock: StoppedClock,
        who: str,
        minutes: int,
    ):
        user = getattr(cast, who)
        client = signed_in(user)

        stopped_clock.move(minutes=minutes, seconds=-1)
        before = _is_in(client)
        stopped_clock.move(minutes=minutes, seconds=1)
        answer = client.get("/app/diary/")

        assert before
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/accounts/login/?next=/app/diary/"
        assert f"You were signed out after {minutes} quiet minutes" in _notice(client)
        assert "Nothing is lost." in _notice(client)
        assert ends_of(user) == ["idle"]
        (row,) = sessions_of(user)
        assert (row.ended_at - row.last_seen_at).total_seconds() == minutes * 60
        assert record_of()[-1] == "accounts.session.expired"

    def test_is_fifteen_minutes_for_everybody_of_a_hipaa_clinic(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        client = signed_in(cast.ben)
        organization = cast.alder.organization
        with tenancy.scope(organization.id):
            organization.hipaa_mode = True
            organization.save(update_fields=["hipaa_mode"])

        stopped_clock.move(minutes=15, seconds=1)

        assert not _is_in(client)

    def test_follows_what_the_clinic_makes_shorter_at_once(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        client = signed_in(cast.ben)
        organization = cast.alder.organization
        with tenancy.scope(organization.id):
            organization.idle_minutes = 5
            organization.save(update_fields=["idle_minutes"])

        stopped_clock.move(minutes=4, seconds=59)
        before = _is_in(client)
        stopped_clock.move(minutes=5, seconds=1)

        assert before
        assert not _is_in(client)

    def test_never_meets_a_busy_person_however_short(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        client = signed_in(cast.ben)
        organization = cast.alder.organization
        with tenancy.scope(organization.id):
            organization.idle_minutes = 1
            organization.save(update_fields=["idle_minutes"])

        for _ in range(10):
            stopped_clock.move(seconds=50)
            assert _is_in(client)

    def test_is_not_moved_by_what_a_page_asks_by_itself(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        client = signed_in(cast.ben)

        stopped_clock.move(minutes=40)
        polled = client.get("/app/", headers={"X-Background": "1"})
        stopped_clock.move(minutes=20, seconds=1)

        assert polled.status_code == 200
        assert not _is_in(client)

    def test_is_written_once_a_minute(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        client = signed_in(cast.ben)
        began = stopped_clock.at

        stopped_clock.move(seconds=59)
        client.get("/app/")
        early = sessions_of(cast.ben)[0].last_seen_at
        later = stopped_clock.move(seconds=1)
        client.get("/app/")

        assert early == began
        assert sessions_of(cast.ben)[0].last_seen_at == later


class TestLongest:
    def test_is_twelve_hours_whatever_one_does(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        client = signed_in(cast.ben)
        for _ in range(23):
            stopped_clock.move(minutes=31)
            assert _is_in(client)

        stopped_clock.move(minutes=6, seconds=59)
        before = _is_in(client)
        stopped_clock.move(seconds=1)

        assert before
        assert not _is_in(client)
        assert "You were signed out after 12 hours" in _notice(client)
        assert ends_of(cast.ben) == ["too_old"]


class TestEpoch:
    def test_of_a_person_that_goes_up_ends_the_session(
        self, cast: Cast, signed_in: SignIn
    ):
        client = signed_in(cast.ben)

        end_own_sessions(user_id=cast.ben.id)

        assert not _is_in(client)
        assert ends_of(cast.ben) == ["changed"]
        assert record_of()[-1] == "accounts.session.revoked"

    def test_of_a_member_is_the_clinics_to_raise(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ben)

        with tenancy.scope(cast.alder.organization.id):
            end_member_sessions(user_id=cast.ben.id)

        assert not _is_in(client)
        assert "Your clinic ended this session" in _notice(client)
        assert ends_of(cast.ben) == ["ended_by_clinic"]

    def test_of_a_stranger_is_not(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.dot)

        with tenancy.scope(cast.alder.organization.id):
            end_member_sessions(user_id=cast.dot.id)

        assert _is_in(client)
        assert ends_of(cast.dot) == [""]


class TestAnswer:
    def test_sends_the_whole_page_of_htmx_to_sign_in(self, cast: Cast):
        first = sign_in(cast.ben)
        sign_in(cast.ben)

        answers = [
            first.get(
                "/app/calls/?when=all",
                headers={
                    "HX-Request": "true",
                    "HX-Current-URL": "http://testserver/app/calls/?when=today",
                },
            )
            for _ in range(2)
        ]

        assert [answer.status_code for answer in answers] == [401, 401]
        assert {answer.headers["HX-Redirect"] for answer in answers} == {
            "/accounts/login/?next=/app/calls/%3Fwhen%3Dtoday"
        }
        assert {answer.content for answer in answers} == {b""}

    def test_of_the_api_is_401(self, cast: Cast):
        first = sign_in(cast.ben)
        sign_in(cast.ben)

        assert first.get("/api/v1/calls/").status_code == 401

    def test_costs_one_query_more_than_without_us(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ben)
        client.get("/app/messages/")

        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/app/messages/")

        ours = [one["sql"] for one in asked if "login_session" in one["sql"]]
        assert len(ours) == 1
        assert "login_session_standing" in ours[0]


class TestKey:
    def test_that_came_back_opens_nothing(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ben)
        session = client.session
        kept = dict(session.items())
        session.cycle_key()
        session.create()
        session.update(kept)
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

        assert not _is_in(client)
        assert ends_of(cast.ben) == ["changed"]

    def test_changes_at_sign_in(self, cast: Cast):
        client = Client()
        client.get("/accounts/login/")
        session = client.session
        session["x"] = 1
        session.save()
        before = session.session_key
        client.cookies[settings.SESSION_COOKIE_NAME] = before

        sign_in(cast.ben, client=client)

        assert client.session.session_key != before
        assert _is_in(client)


class TestRow:
    def test_decides_when_the_cache_was_lost(self, cast: Cast):
        first = sign_in(cast.ben)
        second = sign_in(cast.ben)

        cache.clear()

        assert not _is_in(first)
        assert _is_in(second)

    @pytest.mark.parametrize("words", [None, "01989c2e-7a00-7000-8000-000000000001"])
    def test_that_is_missing_opens_nothing(
        self, cast: Cast, signed_in: SignIn, words: str | None
    ):
        client = signed_in(cast.ben)
        session = client.session
        session["login_session"] = words
        session.save()

        assert not _is_in(client)
        assert client.session.get("_auth_user_id") is None

    def test_of_another_person_opens_nothing(self, cast: Cast, signed_in: SignIn):
        adas = signed_in(cast.ada)
        client = signed_in(cast.ben)
        session = client.session
        session["login_session"] = adas.session["login_session"]
        session.save()

        assert not _is_in(client)
        assert _is_in(adas)

    def test_is_seen_by_its_person_alone(self, cast: Cast, signed_in: SignIn):
        signed_in(cast.ben)

        with transaction.atomic():
            set_local("app.user_id", str(cast.ada.id))
            seen = LoginSession.objects.count()
            set_local("app.user_id", str(cast.ben.id))
            own = LoginSession.objects.count()
        with tenancy.scope(cast.alder.organization.id):
            set_local("app.user_id", "")
            of_the_clinic = LoginSession.objects.count()

        assert (seen, own, of_the_clinic) == (0, 1, 0)

    def test_holds_no_key_of_a_session(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ben)

        (row,) = sessions_of(cast.ben)

        key = client.session.session_key
        assert bytes(row.key_sha256) == hashlib.sha256(key.encode()).digest()
        assert key not in repr(vars(row))


class TestLimitsOf:
    def test_several_clinics_are_those_of_the_strictest(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        join(cast.birch, cast.ben, Role.VIEWER)
        organization = cast.birch.organization
        with tenancy.scope(organization.id):
            organization.session_hours = 2
            organization.save(update_fields=["session_hours"])
        client = signed_in(cast.ben)
        for _ in range(3):
            stopped_clock.move(minutes=39)
            assert _is_in(client)

        stopped_clock.move(minutes=3)

        assert not _is_in(client)
        assert ends_of(cast.ben) == ["too_old"]

    @pytest.mark.parametrize(
        ("permission", "minutes"), [("members.manage", 15), ("calls.view", 60)]
    )
    def test_a_custom_role_go_by_what_it_may(
        self,
        cast: Cast,
        signed_in: SignIn,
        stopped_clock: StoppedClock,
        permission: str,
        minutes: int,
    ):
        organization = cast.alder.organization
        with tenancy.scope(organization.id):
            role = CustomRole.objects.create(
                organization=organization,
                name="Desk",
                permissions=["calls.view", permission],
                created_at=NOW,
            )
            cast.ben.memberships.update(role=Role.VIEWER, custom_role=role)
        client = signed_in(cast.ben)

        stopped_clock.move(minutes=minutes, seconds=-1)
        before = _is_in(client)
        stopped_clock.move(minutes=minutes)

        assert before
        assert not _is_in(client)

    def test_an_agencys_administrator_are_strict(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        agency = Agency.objects.create(name="Elm")
        with tenancy.scope(cast.alder.organization.id):
            organization = Organization.objects.get(pk=cast.alder.organization.id)
            organization.agency = agency
            organization.save(update_fields=["agency"])
        with signing_in():
            AgencyMembership.objects.create(
                agency=agency, user=cast.eve, created_at=NOW
            )
        client = signed_in(cast.eve)

        stopped_clock.move(minutes=15)

        assert not _is_in(client)
        assert ends_of(cast.eve) == ["idle"]
