import pytest
from django.test import Client

from accounts.models import Agency, AgencyMembership, User
from accounts.operators.known_secrets import KNOWN_SECRETS
from accounts.operators.models import OperatorSession
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.cast import NOW, Cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import as_owner, hashes

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


def _begin(client: Client, person: User) -> str:
    answer = client.post(f"/admin/people/{person.pk}/leave/")
    assert answer.status_code == 302
    return str(answer.headers["Location"]).rstrip("/").rpartition("/")[2]


def _steps(leaving_id: str) -> dict[str, object]:
    rows = as_owner(
        "SELECT secret, id FROM operators_leavingstep WHERE leaving_id = %s",
        [leaving_id],
    )
    return {str(secret): step_id for secret, step_id in rows}


def _rows(action: str, actor: User) -> list[dict[str, object]]:
    rows = AuditLog.unscoped.filter(action=action, actor_id=actor.pk)
    return [row.facts for row in rows]


class TestLeaving:
    def test_ends_all_that_the_colleague_could_do(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        sams = signed_in(sam)
        assert sams.get("/admin/").status_code == 200
        with signing_in():
            agency = Agency.objects.create(name="North")
            AgencyMembership.objects.create(agency=agency, user=sam, created_at=NOW)

        _begin(signed_in(tove), sam)

        assert as_owner(
            "SELECT is_staff, is_active, session_epoch FROM accounts_user "
            "WHERE id = %s",
            [sam.pk],
        ) == [(False, False, 2)]
        assert as_owner("SELECT count(*) FROM accounts_agencymembership", []) == [(0,)]
        assert as_owner(
            "SELECT count(*) FROM operators_operatorgrant "
            "WHERE user_id = %s AND ended_at IS NULL",
            [sam.pk],
        ) == [(0,)]
        assert sams.get("/admin/").status_code == 302
        assert _rows("accounts.leaving.begun", tove) == [
            {"user": str(sam.pk), "grants": 1, "secrets": len(KNOWN_SECRETS)}
        ]

    def test_ends_what_they_have_open_at_clinics(
        self,
        visitor: Client,
        session: OperatorSession,
        tove: User,
        sam: User,
        signed_in: SignIn,
    ):
        _begin(signed_in(sam), tove)

        with tenancy.scope(session.organization_id):
            ended = OperatorSession.objects.get()
            rows = AuditLog.objects.filter(action="accounts.operator_session.ended")
            by = [(row.actor_id, row.subject_id) for row in rows]
        assert ended.ended_at is not None
        assert by == [(sam.pk, session.pk)]
        assert visitor.get("/app/calls/").status_code == 302

    def test_leaves_the_account_of_who_also_belongs_to_a_clinic(
        self, cast: Cast, tove: User, signed_in: SignIn
    ):
        _begin(signed_in(tove), cast.ben)

        assert as_owner(
            "SELECT is_active, session_epoch FROM accounts_user WHERE id = %s",
            [cast.ben.pk],
        ) == [(True, 1)]

    def test_is_not_begun_for_oneself_or_twice(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        _begin(client, sam)
        before = hashes()

        answers = [
            client.post(f"/admin/people/{person.pk}/leave/").status_code
            for person in (tove, sam)
        ]

        assert answers == [403, 409]
        assert hashes() == before

    def test_lists_every_secret_by_name_and_none_by_value(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn, settings
    ):
        client = signed_in(tove)
        leaving = _begin(client, sam)

        page = client.get(f"/admin/leaving/{leaving}/").content.decode()

        assert set(_steps(leaving)) == set(KNOWN_SECRETS)
        assert all(name in page for name in KNOWN_SECRETS)
        assert settings.SECRET_KEY not in page
        assert settings.TELNYX_API_KEY not in page
        assert "Its file was last written on" in page

    def test_closes_only_when_each_is_rotated_or_has_a_reason(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        leaving = _begin(client, sam)
        steps = _steps(leaving)
        close = f"/admin/leavings/{leaving}/close/"
        last = steps.pop("EMAIL_URL")
        for step in steps.values():
            client.post(
                f"/admin/leavings/{leaving}/steps/{step}/", {"outcome": "rotated"}
            )
        early = client.post(close)
        without = client.post(
            f"/admin/leavings/{leaving}/steps/{last}/",
            {"outcome": "kept", "reason": " "},
        )
        still = client.post(close)
        client.post(
            f"/admin/leavings/{leaving}/steps/{last}/",
            {"outcome": "kept", "reason": "No password: mail goes to a folder"},
        )

        done = client.post(close)

        assert [one.status_code for one in (early, without, still, done)] == [
            409,
            302,
            409,
            302,
        ]
        assert as_owner(
            "SELECT outcome, reason, settled_by_id FROM operators_leavingstep "
            "WHERE id = %s",
            [last],
        ) == [("kept", "No password: mail goes to a folder", tove.pk)]
        assert len(_rows("accounts.leaving_step.settled", tove)) == len(KNOWN_SECRETS)
        assert _rows("accounts.leaving.closed", tove) == [{"user": str(sam.pk)}]

    def test_keeps_what_was_said_first(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        leaving = _begin(client, sam)
        step = _steps(leaving)["SECRET_KEY"]
        address = f"/admin/leavings/{leaving}/steps/{step}/"
        client.post(address, {"outcome": "rotated"})
        before = hashes()

        answer = client.post(address, {"outcome": "kept", "reason": "changed my mind"})

        assert answer.status_code == 409
        assert hashes() == before
