"""How operators answer what people with an account have asked; and a look at all."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from compliance.asking.models import PrivacyRequest
from compliance.asking.own_words import read_words
from compliance.asking.services.ask_privacy import ask_privacy
from compliance.asking.way_in import asking_desk
from compliance.ledger.models import AuditLog
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import run_waiting
from sondervoice.kernel.rights import RightsKind
from sondervoice.kernel.tenancy import set_local
from tests.cast import Cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import cast, tove
from tests.owner import tables_with

__all__ = ["cast", "tove"]
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
WORDS = "CANARY of the objection"


@pytest.fixture
def request_of_ben(cast: Cast, settings) -> PrivacyRequest:
    settings.DPO_MAIL = ""
    settings.SECURITY_MAIL = ""
    with asking_desk():
        set_local("app.user_id", str(cast.ben.pk))
        return ask_privacy(
            user=cast.ben, kind=RightsKind.OBJECT, words=WORDS, now=utc_now()
        )


@pytest.fixture
def toves(tove: User, signed_in: SignIn) -> Client:
    return signed_in(tove)


def _row() -> PrivacyRequest:
    with asking_desk():
        return PrivacyRequest.objects.get()


def _acts() -> list[tuple[str, str]]:
    rows = AuditLog.unscoped.filter(action__startswith="compliance.privacy_request.")
    return [
        (row.action.rpartition(".")[2], row.actor_kind)
        for row in rows.order_by("at", "id")
    ]


class TestPage:
    def test_lists_requests_with_nobodys_address(self, toves, request_of_ben):
        page = toves.get("/admin/privacyrequest/").content.decode()

        assert "b•••@alder-clinic.example" in page
        assert "ben@alder" not in page

    def test_shows_the_words_and_what_can_be_done(self, toves, request_of_ben):
        page = toves.get(f"/admin/privacyrequest/{request_of_ben.id}/").content.decode()

        assert WORDS in page
        assert "It is refused" in page
        assert "Put it off" in page

    def test_is_not_there_for_anybody_else(self, cast, signed_in, request_of_ben):
        adas = signed_in(cast.ada)

        for word in ("put-off", "answer"):
            path = f"/admin/privacy/{request_of_ben.id}/{word}/"
            form = {"outcome": "done", "words": "x", "days": "9", "reason": "x"}
            assert adas.post(path, form).status_code in {302, 403, 404}
        assert adas.get("/admin/privacyrequest/").status_code in {302, 403, 404}
        assert _row().status == "open"
        assert _acts() == [("asked", "user")]


class TestAnswering:
    @pytest.mark.parametrize("outcome", ["done", "refused"])
    def test_tells_the_person(self, toves, request_of_ben, outcome, cast, signed_in):
        path = f"/admin/privacy/{request_of_ben.id}/answer/"

        toves.post(path, {"outcome": outcome, "words": "We have taken it out."})
        run_waiting()

        row = _row()
        assert row.status == outcome
        assert read_words(row, "answer") == "We have taken it out."
        (letter,) = mail.outbox
        assert letter.to == ["ben@alder-clinic.example"]
        assert letter.subject == "Your privacy request is answered"
        assert "taken it out" not in letter.body
        assert _acts()[1:] == [("answered", "operator")]
        page = signed_in(cast.ben).get("/preferences/privacy/").content.decode()
        assert "We have taken it out." in page

    def test_happens_once(self, toves, request_of_ben):
        path = f"/admin/privacy/{request_of_ben.id}/answer/"
        toves.post(path, {"outcome": "done", "words": "First."})

        answer = toves.post(path, {"outcome": "refused", "words": "Second."})

        assert answer.status_code == 409
        assert read_words(_row(), "answer") == "First."

    def test_wants_words(self, toves, request_of_ben):
        toves.post(f"/admin/privacy/{request_of_ben.id}/answer/", {"outcome": "done"})

        assert _row().status == "open"


class TestPuttingOff:
    def test_moves_the_date_once_and_tells_the_person_why(
        self, toves, request_of_ben, cast, signed_in
    ):
        path = f"/admin/privacy/{request_of_ben.id}/put-off/"

        toves.post(path, {"days": "60", "reason": "Two vendors must be asked."})
        again = toves.post(path, {"days": "1", "reason": "More."})
        run_waiting()

        row = _row()
        assert row.due_at - row.asked_at == timedelta(days=90)
        assert again.status_code == 422
        assert [one.subject for one in mail.outbox] == [
            "Your privacy request takes longer"
        ]
        page = signed_in(cast.ben).get("/preferences/privacy/").content.decode()
        assert "Two vendors must be asked." in page
        assert _acts()[1:] == [("put_off", "operator")]

    @pytest.mark.parametrize("days", ["0", "61", "-1", "many", ""])
    def test_is_for_sixty_days_at_most(self, toves, request_of_ben, days):
        path = f"/admin/privacy/{request_of_ben.id}/put-off/"

        toves.post(path, {"days": days, "reason": "Because."})

        row = _row()
        assert row.due_at - row.asked_at == timedelta(days=30)
        assert row.put_off_at is None


class TestErasing:
    def test_leaves_name_and_address_in_no_table(self, cast, signed_in):
        before = tables_with("ben@alder-clinic", "Ben Osei")
        assert [one for one, tables in before.items() if not tables] == []
        bens = signed_in(cast.ben)

        bens.post("/preferences/privacy/erase/", {"email": "ben@alder-clinic.example"})
        run_waiting()

        left = tables_with("ben@alder-clinic", "Ben Osei")
        assert left == {"ben@alder-clinic": [], "Ben Osei": []}
