from datetime import timedelta

import pytest
from django.test import Client

from accounts.machines.models import TokenFamily
from accounts.permissions import Role
from accounts.sessions.models import LoginSession
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel.clock import utc_now
from tests.cast import PASSWORD, Cast, join
from tests.integration.accounts.machines.conftest import (
    Program,
    make_machine,
    program_of,
    rows,
)
from tests.integration.accounts.machines.people import epoch

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.fixture
def browser(cast: Cast) -> Client:
    """Ben's browser, signed in before his program is."""
    client = Client(headers={"user-agent": CHROME})
    client.post("/accounts/login/", {"login": cast.ben.email, "password": PASSWORD})
    return client


class TestOwnSessions:
    def test_are_those_of_browsers_and_of_programs(
        self, cast: Cast, browser: Client, bens: Program
    ):
        found = bens.get("sessions/").json()

        assert [
            (one["kind"], one["is_current"], one["is_open"], one["address"])
            for one in found
        ] == [
            ("program", True, True, "127.0.0.1"),
            ("browser", False, False, "127.0.0.1"),
        ]
        assert found[1]["device"] == "Chrome on Windows"

    def test_that_ended_say_when(self, cast: Cast, bens: Program):
        bens.ask("POST", "token/revoke/", {"refresh": bens.pair["refresh"]})

        now, before = program_of(cast.ben).get("sessions/").json()

        assert (now["is_open"], now["ended_at"]) == (True, None)
        assert (before["is_open"], before["ended_at"] is None) == (False, False)

    def test_are_forgotten_after_thirty_days(self, cast: Cast, bens: Program):
        with signing_in():
            LoginSession.objects.all().delete()
            TokenFamily.objects.update(started_at=utc_now() - timedelta(days=31))

        (only,) = program_of(cast.ben).get("sessions/").json()

        assert only["is_current"]

    def test_are_nobody_elses(self, cast: Cast, bens: Program):
        cys = program_of(cast.cy)

        (found,) = cys.get("sessions/").json()

        assert found["is_current"] is True

    @pytest.mark.parametrize("verb", ["GET", "DELETE"])
    def test_are_no_machines(self, cast: Cast, verb: str, bens: Program):
        machine = make_machine(cast, "members:read")

        assert machine.ask(verb, "sessions/").status_code == 403
        assert Program("").ask(verb, "sessions/").status_code == 401
        assert bens.get("calls/").status_code == 200


class TestEndingAll:
    def test_ends_browsers_and_programs(
        self, cast: Cast, browser: Client, bens: Program
    ):
        join(cast.birch, cast.ben, Role.VIEWER)

        answer = bens.ask("DELETE", "sessions/")

        assert (answer.status_code, answer.content) == (204, b"")
        assert bens.get("calls/").status_code == 401
        assert browser.get("/app/calls/").status_code == 302
        with signing_in():
            assert not LoginSession.objects.filter(ended_at=None).exists()
            assert not TokenFamily.objects.filter(ended_at=None).exists()
        assert len(rows("accounts.token.ended")) == 1
        ended = AuditLog.unscoped.filter(action="accounts.session.ended")
        assert {row.actor_id for row in ended} == {cast.ben.id}

    def test_leaves_others_alone(self, cast: Cast, bens: Program):
        cys = program_of(cast.cy)

        bens.ask("DELETE", "sessions/")

        assert cys.get("calls/").status_code == 200
        assert epoch(cast.cy) == 1

    def test_needs_an_idempotency_key_that_is_one(self, cast: Cast, bens: Program):
        answer = bens.ask("DELETE", "sessions/", **{"Idempotency-Key": "a b"})

        assert answer.status_code == 400
        assert bens.get("calls/").status_code == 200


class TestOwnTokens:
    def test_that_another_sign_in_ended_are_not_among_the_living(
        self, cast: Cast, bens: Program
    ):
        again = program_of(cast.ben)

        (found,) = again.get("tokens/").json()["results"]

        assert found["is_current"] is True
        assert again.ask("DELETE", "tokens/").json() == {"count": 1}
