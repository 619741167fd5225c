from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from accounts.operators.desk import at_desk
from accounts.operators.errors import OverError
from accounts.operators.models import OperatorGrant, OperatorSession
from accounts.operators.selectors.grants import has_live_grant
from accounts.operators.services.approve_grant import approve_grant
from accounts.operators.services.ask_grant import ask_grant
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import hashes
from tests.owner import as_owner

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


def _ask(client: Client, person: User) -> str:
    answer = client.post(f"/admin/people/{person.pk}/grant/", {"reason": "Night shift"})
    return answer.headers["Location"].rstrip("/").rpartition("/")[2]


def _actions(grant_id: str) -> list[tuple[str, object]]:
    rows = AuditLog.unscoped.filter(subject_id=grant_id).order_by("at", "id")
    return [(row.action, row.actor_id) for row in rows]


class TestGrant:
    def test_makes_an_operator_when_two_stand_for_it(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        assert signed_in(cast.eve).get("/admin/").status_code == 404

        grant_id = _ask(signed_in(tove), cast.eve)
        answer = signed_in(sam).post(f"/admin/grants/{grant_id}/approve/")

        assert answer.status_code == 302
        assert as_owner(
            "SELECT is_staff, session_epoch FROM accounts_user WHERE id = %s",
            [cast.eve.pk],
        ) == [(True, 2)]
        assert signed_in(cast.eve).get("/admin/").status_code == 200
        assert _actions(grant_id) == [
            ("accounts.operator_grant.asked", tove.pk),
            ("accounts.operator_grant.approved", sam.pk),
        ]

    @pytest.mark.parametrize("whose", ["asker", "person"])
    def test_is_approved_by_neither_who_asked_nor_who_gets_it(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn, whose: str
    ):
        grant_id = _ask(signed_in(tove), sam)
        client = signed_in({"asker": tove, "person": sam}[whose])
        before = hashes()

        answer = client.post(f"/admin/grants/{grant_id}/approve/")

        assert answer.status_code == 403
        assert hashes() == before
        assert _actions(grant_id) == [("accounts.operator_grant.asked", tove.pk)]

    def test_is_kept_from_one_person_by_the_database_too(
        self, cast: Cast, tove: User, sam: User
    ):
        now = utc_now()
        with at_desk(tove.pk):
            grant = ask_grant(operator_id=tove.pk, user_id=sam.pk, reason="x", now=now)

        for second in (tove, sam):
            with (
                pytest.raises(IntegrityError, match="second_person"),
                transaction.atomic(),
                at_desk(tove.pk),
            ):
                OperatorGrant.objects.filter(pk=grant.pk).update(
                    approved_by=second, approved_at=now, expires_at=now
                )

    def test_lasts_eight_hours_to_the_second(self, cast: Cast, tove: User, sam: User):
        now = utc_now()
        with at_desk(tove.pk):
            grant = ask_grant(
                operator_id=tove.pk, user_id=cast.eve.pk, reason="x", now=now
            )
        with at_desk(sam.pk):
            approve_grant(operator_id=sam.pk, grant_id=grant.pk, now=now)
            end = now + timedelta(hours=8)
            second = timedelta(seconds=1)

            assert has_live_grant(user_id=cast.eve.pk, now=now)
            assert has_live_grant(user_id=cast.eve.pk, now=end - second)
            assert not has_live_grant(user_id=cast.eve.pk, now=end)

    def test_lasts_no_longer_by_the_database_either(
        self, cast: Cast, tove: User, sam: User
    ):
        with pytest.raises(IntegrityError, match="eight_hours"), at_desk(tove.pk):
            OperatorGrant.objects.filter(user=sam).update(
                expires_at=utc_now() + timedelta(hours=9)
            )

    def test_is_approved_once_and_within_a_day(self, cast: Cast, tove: User, sam: User):
        now = utc_now()
        with at_desk(tove.pk):
            old = ask_grant(
                operator_id=tove.pk,
                user_id=cast.eve.pk,
                reason="x",
                now=now - timedelta(hours=24),
            )
            new = ask_grant(
                operator_id=tove.pk, user_id=cast.eve.pk, reason="x", now=now
            )
        with at_desk(sam.pk):
            approve_grant(operator_id=sam.pk, grant_id=new.pk, now=now)

        for grant in (old, new):
            with pytest.raises(OverError), at_desk(sam.pk):
                approve_grant(operator_id=sam.pk, grant_id=grant.pk, now=now)

    def test_is_over_for_its_operator_as_soon_as_it_is_ended(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        toves, sams = signed_in(tove), signed_in(sam)
        grant_id = as_owner(
            "SELECT id::text FROM operators_operatorgrant WHERE user_id = %s", [tove.pk]
        )[0][0]

        sams.post(f"/admin/grants/{grant_id}/end/")

        assert toves.get("/admin/").status_code == 404
        assert _actions(str(grant_id)) == [("accounts.operator_grant.ended", sam.pk)]

    def test_takes_what_is_open_at_clinics_with_it(
        self,
        visitor: Client,
        session: OperatorSession,
        tove: User,
        sam: User,
        signed_in: SignIn,
    ):
        grant_id = as_owner(
            "SELECT id FROM operators_operatorgrant WHERE user_id = %s", [tove.pk]
        )[0][0]

        signed_in(sam).post(f"/admin/grants/{grant_id}/end/")

        with tenancy.scope(session.organization_id):
            assert OperatorSession.objects.get().ended_at is not None
        assert visitor.get("/app/calls/").status_code == 403

    def test_wants_a_reason(self, cast: Cast, tove: User, signed_in: SignIn):
        client = signed_in(tove)
        before = hashes()

        client.post(f"/admin/people/{cast.eve.pk}/grant/", {"reason": " "})

        assert hashes() == before
