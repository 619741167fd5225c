from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast, join
from tests.cast_calls import book_check_up, leave_message, make_call
from tests.cast_day import Day
from tests.cast_fixtures import SignIn

PAGES = ["/app/", "/app/calls/", "/app/diary/", "/app/messages/"]
ACTIONS = [
    "telephony.today.viewed",
    "telephony.calls.listed",
    "scheduling.day.viewed",
    "telephony.messages.viewed",
]


class TestToday:
    def test_claims_nothing_about_messages_to_who_may_not_see_them(
        self, cast: Cast, day: Day, signed_in: SignIn
    ):
        join(cast.alder, cast.eve, Role.VIEWER)

        words = signed_in(cast.eve).get("/app/").content.decode()

        assert "Your role does not see messages." in words
        assert "Nobody waits" not in words
        assert "Every message is handled." not in words


class TestEveryPage:
    @pytest.mark.parametrize("page", PAGES)
    def test_opens_for_the_owner(self, cast: Cast, day: Day, signed_in: SignIn, page):
        answer = signed_in(cast.ada).get(page)

        assert answer.status_code == 200
        assert "Alder Clinic" in answer.content.decode()

    @pytest.mark.parametrize("page", PAGES)
    def test_sends_a_stranger_to_sign_in_and_back(self, cast: Cast, page):
        answer = Client().get(page)

        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/accounts/login/?next={page}"

    @pytest.mark.parametrize("page", PAGES)
    def test_is_nothing_to_somebody_of_no_clinic(
        self, cast: Cast, signed_in: SignIn, page
    ):
        answer = signed_in(cast.eve).get(page)

        assert answer.status_code == 404
        assert "You do not belong to a clinic" in answer.content.decode()

    @pytest.mark.parametrize("page", PAGES)
    def test_shows_another_clinic_nothing_of_it(
        self, cast: Cast, day: Day, signed_in: SignIn, page
    ):
        words = signed_in(cast.dot).get(page).content.decode()

        assert "Birch Legal" in words
        for name in ("Hannah", "Omar", "Ruth", "Ines", "chest"):
            assert name not in words

    @pytest.mark.parametrize(
        ("page", "action"), list(zip(PAGES, ACTIONS, strict=True)), ids=PAGES
    )
    def test_leaves_a_row_in_the_record(
        self, cast: Cast, day: Day, signed_in: SignIn, page, action
    ):
        signed_in(cast.ada).get(page)

        with tenancy.scope(cast.alder.organization.id):
            looks = AuditLog.objects.filter(actor_id=cast.ada.id).order_by("at", "id")
            assert [look.action for look in looks] == [
                "accounts.session.opened",
                action,
            ]

    @pytest.mark.parametrize("page", PAGES)
    def test_asks_the_database_as_often_for_much_as_for_little(
        self, cast: Cast, day: Day, signed_in: SignIn, page
    ):
        client, now = signed_in(cast.ada), utc_now()

        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            return len(queries)

        few = asked()
        with tenancy.scope(cast.alder.organization.id):
            for minutes in range(1, 9):
                at = now - timedelta(minutes=minutes)
                leave_message(make_call(cast.alder, at=at), "Call me.")
                soon = now + timedelta(minutes=minutes)
                book_check_up(cast.alder, at=at, starts_at=soon)

        assert asked() == few

    @pytest.mark.parametrize("page", PAGES)
    def test_has_nothing_inline(self, cast: Cast, day: Day, signed_in: SignIn, page):
        words = signed_in(cast.ada).get(page).content.decode()

        assert "style=" not in words
        assert "<style" not in words
        assert "onclick" not in words
