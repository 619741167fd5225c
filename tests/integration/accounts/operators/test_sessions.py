from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.models import User
from accounts.operators.errors import OverError
from accounts.operators.models import OperatorSession
from accounts.operators.selectors.sessions import find_live_session
from accounts.operators.services.approve_session import approve_session
from accounts.operators.services.ask_session import Ask, ask_session
from accounts.operators.services.start_session import start_session
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import act, hashes

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])
FORM = {"ticket": "T-118", "reason": "Diary shows the wrong day", "minutes": "30"}


def _actions(session: OperatorSession) -> list[tuple[str, object]]:
    with tenancy.scope(session.organization_id):
        rows = AuditLog.objects.filter(subject_id=session.pk).order_by("at", "id")
        return [(row.action, row.actor_id) for row in rows]


def _asked(cast: Cast, tove: User) -> OperatorSession:
    ask = Ask(
        organization_id=cast.alder.organization.pk,
        reason="why",
        ticket="T-1",
        minutes=60,
    )
    return ask_session(operator=tove, ask=ask, now=utc_now())


class TestSession:
    def test_is_asked_for_approved_and_started_by_two(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        toves, sams = signed_in(tove), signed_in(sam)
        clinic = cast.alder.organization.pk

        toves.post(f"/admin/clinics/{clinic}/sessions/", FORM)
        with tenancy.scope(clinic):
            session = OperatorSession.objects.get()
        early = toves.post(act(session, "start"))
        sams.post(act(session, "approve"))
        started = toves.post(act(session, "start"))

        assert early.status_code == 409
        assert started.headers["Location"] == "/app/start/"
        assert _actions(session) == [
            ("accounts.operator_session.asked", tove.pk),
            ("accounts.operator_session.approved", sam.pk),
            ("accounts.operator_session.started", tove.pk),
        ]

    def test_is_not_approved_by_who_asked(
        self, cast: Cast, tove: User, signed_in: SignIn
    ):
        session = _asked(cast, tove)
        client = signed_in(tove)
        before = hashes()

        answer = client.post(act(session, "approve"))

        assert answer.status_code == 403
        assert hashes() == before
        assert len(_actions(session)) == 1

    def test_is_kept_from_one_person_by_the_database_too(self, cast: Cast, tove: User):
        session = _asked(cast, tove)

        with (
            pytest.raises(IntegrityError, match="second_person"),
            tenancy.scope(session.organization_id),
        ):
            OperatorSession.objects.update(approved_by=tove)

    def test_is_started_by_who_asked_alone(
        self, session: OperatorSession, uma: User, signed_in: SignIn
    ):
        client = signed_in(uma)
        before = hashes()

        answer = client.post(act(session, "start"))

        assert answer.status_code == 403
        assert hashes() == before

    def test_is_started_once(
        self, session: OperatorSession, tove: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        client.post(act(session, "start"))
        before = hashes()

        answer = client.post(act(session, "start"))

        assert answer.status_code == 409
        assert hashes() == before

    def test_lasts_its_minutes_to_the_second(self, cast: Cast, tove: User, sam: User):
        session, now = _asked(cast, tove), utc_now()
        clinic = session.organization_id
        approve_session(
            operator=sam, organization_id=clinic, session_id=session.pk, now=now
        )
        start_session(
            operator_id=tove.pk, organization_id=clinic, session_id=session.pk, now=now
        )

        with tenancy.scope(clinic):
            found = [
                find_live_session(
                    session_id=session.pk,
                    operator_id=tove.pk,
                    now=now + timedelta(minutes=60, seconds=late),
                )
                for late in (-1, 0)
            ]
        assert found == [session, None]

    def test_lasts_no_longer_by_the_database_either(self, session: OperatorSession):
        now = utc_now()

        with (
            pytest.raises(IntegrityError, match="one_hour"),
            tenancy.scope(session.organization_id),
        ):
            OperatorSession.objects.update(
                started_at=now, ends_at=now + timedelta(minutes=61)
            )

    def test_is_approved_within_four_hours(self, cast: Cast, tove: User, sam: User):
        session = _asked(cast, tove)

        with pytest.raises(OverError):
            approve_session(
                operator=sam,
                organization_id=session.organization_id,
                session_id=session.pk,
                now=session.requested_at + timedelta(hours=4),
            )

    @pytest.mark.parametrize("word", ["approve", "start", "enter", "end"])
    def test_is_not_found_under_another_clinic(
        self,
        cast: Cast,
        session: OperatorSession,
        uma: User,
        signed_in: SignIn,
        word: str,
    ):
        client = signed_in(uma)
        before = hashes()
        address = act(session, word).replace(
            str(session.organization_id), str(cast.birch.organization.pk)
        )

        answer = client.post(address)

        assert answer.status_code == (409 if word == "enter" else 404)
        assert hashes() == before

    @pytest.mark.parametrize(
        "wrong",
        [
            {"ticket": ""},
            {"reason": ""},
            {"minutes": "0"},
            {"minutes": "61"},
            {"as_member": "x"},
        ],
    )
    def test_is_not_asked_for_with_a_wrong_form(
        self, cast: Cast, tove: User, signed_in: SignIn, wrong: dict[str, str]
    ):
        client, clinic = signed_in(tove), cast.alder.organization.pk
        before = hashes()

        client.post(f"/admin/clinics/{clinic}/sessions/", FORM | wrong)

        assert hashes() == before

    def test_is_not_asked_for_as_somebody_elses_member(
        self, cast: Cast, tove: User, signed_in: SignIn
    ):
        client, clinic = signed_in(tove), cast.alder.organization.pk
        before = hashes()

        answer = client.post(
            f"/admin/clinics/{clinic}/sessions/", FORM | {"as_member": cast.dot.pk}
        )

        assert answer.status_code == 404
        assert hashes() == before
