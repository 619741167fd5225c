import pytest
from django.test import Client

from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.cast import Cast
from tests.cast_day import Day
from tests.cast_fixtures import SignIn

PAGES = ["/app/", "/app/calls/", "/app/diary/", "/app/messages/"]
ACTIONS = [
    "telephony.today.viewed",
    "telephony.calls.listed",
    "scheduling.day.viewed",
    "telephony.messages.viewed",
]


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
            looks = AuditLog.objects.filter(actor_id=cast.ada.id)
            assert [look.action for look in looks] == [action]

    @pytest.mark.parametrize("page", PAGES)
    def test_has_nothing_inline(self, cast: Cast, day: Day, signed_in: SignIn, page):
        words = signed_in(cast.ada).get(page).content.decode()

        assert "style=" not in words
        assert "<style" not in words
        assert "onclick" not in words
