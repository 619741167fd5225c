from uuid import UUID

import pytest
from django.core import mail
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts.actors import Actor
from accounts.models import Membership, User
from accounts.operators.models import OperatorSession
from accounts.permissions import Role
from accounts.roles import views as roles_views
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import run_waiting
from sondervoice.kernel.models import OutboxJob
from tests.cast import Cast
from tests.cast_day import Day
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import (
    act,
    approved_session,
    as_owner,
    hashes,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


def _requests(session: OperatorSession) -> list[tuple[list[str], bool]]:
    with tenancy.scope(session.organization_id):
        rows = AuditLog.objects.filter(
            subject_id=session.pk, action="accounts.operator_request.made"
        ).order_by("at", "id")
        return [(row.fields, row.facts["is_allowed"]) for row in rows]


def _count(session: OperatorSession) -> object:
    query = "SELECT request_count FROM operators_operatorsession WHERE id = %s"
    ((count,),) = as_owner(query, [session.pk])
    return count


# Of addresses that take one of a few words, or a number.
WORDS = {"sso-switch": {"act": "on"}, "sso-calls": {"number": 0}}


def _dashboard(prefix: str = "") -> dict[str, str]:
    """Return every address of the dashboard by name, its ids nobody's."""
    resolver = get_resolver()
    app = next(one for one in resolver.url_patterns if str(one.pattern) == "app/")
    found = {}
    waiting = [(one, "") for one in app.url_patterns]
    while waiting:
        one, space = waiting.pop()
        if isinstance(one, URLPattern):
            values = WORDS.get(one.name) or {
                key: UUID(int=0) if type(converter).__name__ == "UUIDConverter" else "x"
                for key, converter in one.pattern.converters.items()
            }
            found[f"{space}{one.name}"] = reverse(f"{space}{one.name}", kwargs=values)
        else:
            inner = f"{one.namespace}:" if one.namespace else ""
            waiting += [(each, space + inner) for each in one.url_patterns]
    return found


class TestAPageThatFails:
    def test_is_a_row_all_the_same_and_changes_nothing(
        self, session: OperatorSession, visitor: Client, monkeypatch
    ):
        def fail(*, actor: Actor) -> None:
            Membership.objects.update(role=Role.VIEWER)
            raise RuntimeError

        monkeypatch.setattr(roles_views, "list_custom_roles", fail)
        visitor.raise_request_exception = False
        before, rows = hashes(), _requests(session)

        answer = visitor.get("/app/settings/roles/")

        assert (answer.status_code, hashes()) == (500, before)
        assert _requests(session) == [*rows, (["roles"], True)]
        assert _count(session) == len(rows) + 1


class TestVisit:
    def test_shows_the_clinic_under_the_bar(self, visitor: Client, day: Day):
        page = visitor.get("/app/calls/?when=all").content.decode()

        assert 'class="app operator"' in page
        assert "Diary shows the wrong day" in page
        assert "+1 ••• ••• ••36" in page
        assert "312 555 0136" not in page

    def test_leaves_one_row_a_request_in_the_clinics_record(
        self, visitor: Client, session: OperatorSession, day: Day
    ):
        visitor.get("/app/calls/?when=all&q=Hannah")
        visitor.get(f"/app/calls/{day.booked.id}/")
        visitor.get(f"/app/calls/{day.booked.id}/audio/")
        visitor.post(f"/app/calls/{day.booked.id}/play/")
        visitor.get("/app/nowhere/")

        assert _requests(session) == [
            (["telephony:call-list"], True),
            (["recordings:call-detail"], True),
            (["recordings:call-audio"], True),
            (["recordings:call-play"], False),
            (["unknown"], True),
        ]
        with tenancy.scope(session.organization_id):
            assert OperatorSession.objects.get().request_count == 5

    def test_plays_nothing(self, visitor: Client, day: Day):
        audio = visitor.get(f"/app/calls/{day.booked.id}/audio/")
        play = visitor.post(f"/app/calls/{day.booked.id}/play/")

        assert (audio.status_code, play.status_code) == (403, 403)

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    def test_changes_nothing_on_any_page(self, visitor: Client, day: Day, method: str):
        pages = _dashboard()
        del pages["operator-session-end"]
        before = hashes()

        answers = {
            name: visitor.generic(method, address).status_code
            for name, address in pages.items()
        }

        assert len(answers) > 10
        assert set(answers.values()) == {403}
        assert hashes() == before

    def test_goes_to_its_one_clinic(
        self, visitor: Client, cast: Cast, session: OperatorSession
    ):
        answer = visitor.post(f"/accounts/clinics/{cast.birch.organization.pk}/")

        assert answer.status_code == 404
        assert "Alder Clinic" in visitor.get("/app/").content.decode()

    def test_is_over_when_its_minutes_are(
        self, visitor: Client, session: OperatorSession
    ):
        as_owner(
            "UPDATE operators_operatorsession SET ends_at = now() WHERE id = %s",
            [session.pk],
        )

        first, second = visitor.get("/app/calls/"), visitor.get("/app/calls/")

        assert (first.status_code, second.status_code) == (403, 404)
        assert "has ended" in first.content.decode()
        assert _requests(session) == []

    def test_is_over_with_the_operators_grant(
        self, visitor: Client, session: OperatorSession, tove: User
    ):
        as_owner(
            "UPDATE operators_operatorgrant SET ended_at = now() WHERE user_id = %s",
            [tove.pk],
        )

        assert visitor.get("/app/calls/").status_code == 403
        assert _requests(session) == []

    def test_is_none_for_who_came_by_a_clinics_directory(
        self, visitor: Client, session: OperatorSession
    ):
        kept = visitor.session
        kept["sso_connection"] = str(session.organization_id)
        kept.save()

        assert visitor.get("/app/calls/").status_code == 403
        assert visitor.get("/admin/").status_code == 404
        assert _requests(session) == []

    def test_shows_as_a_limited_member_no_more_calls_than_they_see(
        self, cast: Cast, day: Day, tove: User, sam: User, signed_in: SignIn
    ):
        session = approved_session(cast, tove, sam, as_member=cast.ben)
        with tenancy.scope(session.organization_id):
            Membership.objects.filter(user=cast.ben).update(is_limited=True)
        visitor = signed_in(tove)
        visitor.post(act(session, "start"))

        assert "••36" not in visitor.get("/app/calls/?when=all").content.decode()
        assert visitor.get(f"/app/calls/{day.booked.id}/").status_code == 404

    def test_needs_a_second_factor(self, visitor: Client, session: OperatorSession):
        kept = visitor.session
        del kept["second_factor_at"]
        kept.save()

        assert visitor.get("/app/calls/").status_code == 403
        assert _requests(session) == []

    def test_cannot_be_begun_by_a_member_who_knows_its_id(
        self, session: OperatorSession, visitor: Client, cast: Cast, signed_in: SignIn
    ):
        client = signed_in(cast.dot)
        kept = client.session
        kept["operator_session"] = f"{session.organization_id}/{session.pk}"
        kept.save()

        assert client.get("/app/calls/").status_code == 403
        assert _requests(session) == []

    def test_is_ended_by_the_operator(
        self, visitor: Client, session: OperatorSession, tove: User
    ):
        answer = visitor.post("/app/operator/end/")

        assert answer.headers["Location"] == f"/admin/operatorsession/{session.pk}/"
        assert visitor.get("/app/calls/").status_code == 404
        with tenancy.scope(session.organization_id):
            ended = OperatorSession.objects.get()
            row = AuditLog.objects.get(action="accounts.operator_session.ended")
        assert ended.ended_at is not None
        assert not ended.ended_by_clinic
        assert (row.actor_id, row.subject_id) == (tove.pk, session.pk)

    def test_is_entered_again_while_it_runs(
        self, visitor: Client, session: OperatorSession, tove: User, signed_in: SignIn
    ):
        again = signed_in(tove)
        assert again.get("/app/calls/").status_code == 404

        again.post(act(session, "enter"))

        assert again.get("/app/calls/").status_code == 200

    def test_writes_to_the_owners(
        self, visitor: Client, cast: Cast, session: OperatorSession
    ):
        with tenancy.scope(session.organization_id):
            jobs = OutboxJob.objects.filter(task="accounts.tell_owner_of_help")
            told = [job.ids for job in jobs]
        run_waiting()

        assert told == [
            {"session_id": str(session.pk), "user_id": str(cast.ada.pk)},
        ]
        (letter,) = mail.outbox
        assert letter.to == ["ada@alder-clinic.example"]
        assert letter.subject == "Somebody of SonderVoice looks at Alder Clinic now"
        assert "Why: Diary shows the wrong day (ticket T-118)" in letter.body
        assert "Approved by: Sam Idowu" in letter.body
        assert "http://127.0.0.1:8000/app/settings/operators/" in letter.body


class TestVisitAsMember:
    def test_shows_no_more_than_the_member_or_the_operator_may_see(
        self, cast: Cast, day: Day, tove: User, sam: User, signed_in: SignIn
    ):
        session = approved_session(cast, tove, sam, as_member=cast.ben)
        client = signed_in(tove)
        client.post(act(session, "start"))

        calls = client.get("/app/calls/")
        found = {
            place: client.get(place).status_code
            for place in ("/app/messages/", "/app/settings/operators/", "/app/diary/")
        }

        assert "seeing what one member sees" in calls.content.decode()
        # Ben may see messages, an operator not; an operator this page, Ben not.
        assert found == {
            "/app/messages/": 403,
            "/app/settings/operators/": 403,
            "/app/diary/": 200,
        }

    def test_ends_at_the_members_limits(
        self, cast: Cast, day: Day, tove: User, sam: User, signed_in: SignIn
    ):
        as_owner(
            "UPDATE accounts_membership SET is_limited = true, role = 'auditor'"
            " WHERE user_id = %s",
            [cast.ben.pk],
        )
        session = approved_session(cast, tove, sam, as_member=cast.ben)
        client = signed_in(tove)
        client.post(act(session, "start"))

        calls = client.get("/app/calls/?when=all")

        assert client.get("/app/settings/retention/").status_code == 403
        assert calls.context["days"] == []
        assert client.get(f"/app/calls/{day.booked.id}/").status_code == 404

    def test_names_both_in_the_record(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        session = approved_session(cast, tove, sam, as_member=cast.ben)
        client = signed_in(tove)
        client.post(act(session, "start"))

        client.get("/app/calls/")

        with tenancy.scope(session.organization_id):
            row = AuditLog.objects.get(action="accounts.operator_request.made")
        assert (row.actor_kind, row.actor_id) == ("operator", tove.pk)
        assert row.facts["as_member"] == str(cast.ben.pk)

    def test_shows_nothing_once_the_member_has_left(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        session = approved_session(cast, tove, sam, as_member=cast.ben)
        client = signed_in(tove)
        client.post(act(session, "start"))
        as_owner(
            "UPDATE accounts_membership SET ended_at = now() WHERE user_id = %s",
            [cast.ben.pk],
        )

        assert client.get("/app/calls/").status_code == 403
