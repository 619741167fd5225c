import pytest
from django.test import Client
from django.utils.timezone import localtime

from accounts.models import User
from accounts.operators.models import ClinicHelp, OperatorSession
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.cast import CHICAGO, Cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import act, hashes

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
HERE = "/app/settings/operators/"


def _end(session: OperatorSession) -> str:
    return f"{HERE}{session.pk}/end/"


def _rows(cast: Cast, action: str) -> list[tuple[object, object]]:
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(action=action)
        return [(row.actor_id, row.subject_id) for row in rows]


def _session(session: OperatorSession) -> OperatorSession:
    with tenancy.scope(session.organization_id):
        return OperatorSession.objects.get(pk=session.pk)


class TestHelpPage:
    def test_says_who_why_when_by_whom_and_how_much(
        self,
        visitor: Client,
        cast: Cast,
        session: OperatorSession,
        signed_in: SignIn,
    ):
        visitor.get("/app/calls/")

        page = signed_in(cast.ada).get(HERE).content.decode()

        assert "Tove Lind" in page
        assert "Diary shows the wrong day" in page
        assert "ticket T-118" in page
        assert "Approved by Sam Idowu" in page
        assert "1 request" in page
        ends_at = _session(session).ends_at
        assert ends_at is not None
        assert f"until {localtime(ends_at, CHICAGO):%H:%M}" in page

    def test_names_who_looked_after_their_account_is_erased_and_they_were_told(
        self, cast: Cast, session: OperatorSession, tove: User, signed_in: SignIn
    ):
        client, address = signed_in(tove), "/preferences/privacy/erase/"

        before = client.get(address).content.decode()
        after = client.post(address, {"email": tove.email}).content.decode()

        assert "beside what you asked for or approved as an operator" in before
        assert "Your account is erased" in after
        assert "Your name stays beside what you did as an operator" in after
        assert _session(session).operator_name == "Tove Lind"
        assert "Tove Lind" in signed_in(cast.ada).get(HERE).content.decode()

    def test_says_that_nobody_has_looked(self, cast: Cast, signed_in: SignIn):
        page = signed_in(cast.ada).get(HERE).content.decode()

        assert "Nobody of SonderVoice has looked." in page

    def test_is_read_by_an_auditor_who_decides_nothing(
        self, cast: Cast, session: OperatorSession, signed_in: SignIn
    ):
        client = signed_in(cast.cy)
        page = client.get(HERE).content.decode()
        before = hashes()

        answers = [
            client.post(_end(session)).status_code,
            client.post(f"{HERE}help/", {"help": "off"}).status_code,
        ]

        assert "Tove Lind" in page
        assert "Turn help off" not in page
        assert answers == [403, 403]
        assert hashes() == before

    def test_is_not_for_who_may_not_see_who_looked(
        self, cast: Cast, session: OperatorSession, signed_in: SignIn
    ):
        client = signed_in(cast.ben)
        before = hashes()

        answers = [
            client.get(HERE).status_code,
            client.post(_end(session)).status_code,
            client.post(f"{HERE}help/", {"help": "off"}).status_code,
            client.post("/app/operator/end/").status_code,
        ]

        assert answers == [403, 403, 403, 404]
        assert hashes() == before

    def test_sends_nobody_to_sign_in(self, cast: Cast, session: OperatorSession):
        before = hashes()

        answers = [
            Client().get(HERE),
            Client().post(_end(session)),
            Client().post(f"{HERE}help/", {"help": "off"}),
            Client().post("/app/operator/end/"),
        ]

        assert {one.status_code for one in answers} == {302}
        assert hashes() == before

    def test_shows_and_ends_no_session_of_another_clinic(
        self, visitor: Client, cast: Cast, session: OperatorSession, signed_in: SignIn
    ):
        client = signed_in(cast.dot)
        before = hashes()

        page = client.get(HERE).content.decode()
        answer = client.post(_end(session))

        assert "Tove Lind" not in page
        assert answer.status_code == 404
        assert hashes() == before
        assert visitor.get("/app/calls/").status_code == 200

    def test_ends_a_session_that_runs(
        self, visitor: Client, cast: Cast, session: OperatorSession, signed_in: SignIn
    ):
        client = signed_in(cast.ada)

        answer = client.post(_end(session))

        assert answer.headers["Location"] == f"{HERE}?done=ended"
        assert _session(session).ended_by_clinic
        assert visitor.get("/app/calls/").status_code == 403
        assert _rows(cast, "accounts.operator_session.sent_away") == [
            (cast.ada.pk, session.pk)
        ]
        assert client.post(_end(session)).status_code == 409


class TestHelp:
    def test_turned_off_ends_what_runs_and_lets_nobody_ask(
        self,
        visitor: Client,
        cast: Cast,
        session: OperatorSession,
        uma: User,
        signed_in: SignIn,
    ):
        signed_in(cast.ada).post(f"{HERE}help/", {"help": "off"})

        asked = signed_in(uma).post(
            f"/admin/clinics/{cast.alder.organization.pk}/sessions/",
            {"ticket": "T-2", "reason": "again", "minutes": "5"},
        )

        assert visitor.get("/app/calls/").status_code == 403
        assert asked.status_code == 422
        with tenancy.scope(cast.alder.organization.id):
            assert OperatorSession.objects.count() == 1
        assert _rows(cast, "accounts.operator_session.sent_away") == [
            (cast.ada.pk, session.pk)
        ]
        assert len(_rows(cast, "accounts.operator_help.set")) == 1

    def test_turned_off_refuses_what_was_approved(
        self, cast: Cast, session: OperatorSession, tove: User, signed_in: SignIn
    ):
        signed_in(cast.ada).post(f"{HERE}help/", {"help": "off"})

        answer = signed_in(tove).post(act(session, "start"))

        assert answer.status_code == 409
        assert _session(session).started_at is None

    def test_is_turned_on_again(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ada)

        client.post(f"{HERE}help/", {"help": "off"})
        off = client.get(f"{HERE}?done=off").content.decode()
        client.post(f"{HERE}help/", {"help": "on"})

        assert "Turn help on" in off
        with tenancy.scope(cast.alder.organization.id):
            assert [row.is_off for row in ClinicHelp.objects.all()] == [False]
