from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.entitlements import Plan
from accounts.models import Membership, Organization, User
from accounts.operators.desk import at_desk
from accounts.operators.errors import OverError
from accounts.operators.models import OperatorAct
from accounts.operators.services.approve_act import approve_act
from accounts.permissions import Role
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import run_waiting
from tests.cast import Cast, join
from tests.cast_fixtures import SignIn
from tests.hashes import without_hashes
from tests.integration.accounts.operators.conftest import (
    as_owner,
    ask_for,
    close_as_two,
    hashes,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])

WHY = {"reason": "Stolen password"}


def _plan(cast: Cast) -> str:
    with tenancy.scope(cast.alder.organization.pk):
        return Organization.objects.get().plan


@pytest.fixture
def enterprise(cast: Cast) -> str:
    """Alder on the largest plan; the address that sets another."""
    clinic = cast.alder.organization.pk
    with tenancy.scope(clinic):
        Organization.objects.update(plan=Plan.ENTERPRISE)
    return f"/admin/clinics/{clinic}/plan/"


def _facts(action: str) -> list[tuple[object, dict[str, object]]]:
    rows = AuditLog.objects.filter(action=action).order_by("at", "id")
    return [(row.actor_id, without_hashes(row.facts)) for row in rows]


class TestPlan:
    def test_is_made_smaller_by_two_and_owners_are_told(
        self, cast: Cast, enterprise: str, tove: User, sam: User, signed_in: SignIn
    ):
        body = {"plan": "starter", "reason": "They asked for it, T-7"}
        act_id = ask_for(signed_in(tove), enterprise, body)
        asked = _plan(cast)

        answer = signed_in(sam).post(f"/admin/acts/{act_id}/approve/")

        assert (answer.status_code, asked, _plan(cast)) == (
            302,
            "enterprise",
            "starter",
        )
        with tenancy.scope(cast.alder.organization.pk):
            assert _facts("accounts.plan.set") == [
                (
                    sam.pk,
                    {"from": 2, "to": 0, "act": act_id, "asked_by": str(tove.pk)},
                )
            ]
        run_waiting()
        (letter,) = mail.outbox
        assert letter.to == [cast.ada.email]
        assert letter.subject == "SonderVoice put Alder Clinic on another plan"
        for words in ("Starter", "They asked for it, T-7", "Tove Lind", "Sam Idowu"):
            assert words in letter.body

    def test_is_not_made_smaller_without_a_reason(
        self, cast: Cast, enterprise: str, tove: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        before = hashes()

        client.post(enterprise, {"plan": "pro", "reason": " "})

        assert hashes() == before
        assert _plan(cast) == "enterprise"

    def test_is_made_larger_by_one(self, cast: Cast, tove: User, signed_in: SignIn):
        clinic = cast.alder.organization.pk

        signed_in(tove).post(f"/admin/clinics/{clinic}/plan/", {"plan": "pro"})

        assert _plan(cast) == "pro"
        assert as_owner("SELECT count(*) FROM operators_operatoract", []) == [(0,)]


class TestClosing:
    def test_is_in_the_record_of_each_clinic_and_its_owners_are_told(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        join(cast.birch, cast.ben, Role.VIEWER)

        close_as_two(signed_in(tove), signed_in(sam), cast.ben)

        (act_id,) = as_owner("SELECT id::text FROM operators_operatoract", [])[0]
        row = [(sam.pk, {"is_active": False, "act": act_id})]
        assert as_owner(
            "SELECT is_active, session_epoch FROM accounts_user WHERE id = %s",
            [cast.ben.pk],
        ) == [(False, 1)]
        for clinic in (cast.alder, cast.birch):
            with tenancy.scope(clinic.organization.pk):
                assert _facts("accounts.person.set_active") == row
        run_waiting()
        assert {one.to[0] for one in mail.outbox} == {cast.ada.email, cast.dot.email}
        for letter in mail.outbox:
            for words in ("Ben Osei", WHY["reason"], "Tove Lind", "Sam Idowu"):
                assert words in letter.body

    def test_does_not_happen_when_it_is_asked_for(
        self, cast: Cast, tove: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        ask_for(client, f"/admin/people/{cast.ada.pk}/close/", WHY)

        assert as_owner(
            "SELECT is_active, session_epoch FROM accounts_user WHERE id = %s",
            [cast.ada.pk],
        ) == [(True, 0)]
        with tenancy.scope(cast.alder.organization.pk):
            assert _facts("accounts.person.set_active") == []

    def test_is_not_asked_for_without_a_reason_or_of_nobody(
        self, cast: Cast, tove: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        before = hashes()

        answers = [
            client.post(f"/admin/people/{cast.ada.pk}/close/").status_code,
            client.post(
                f"/admin/people/{cast.alder.organization.pk}/close/", WHY
            ).status_code,
        ]

        assert answers == [302, 404]
        assert hashes() == before

    def test_of_an_owner_leaves_them_a_member(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        close_as_two(signed_in(tove), signed_in(sam), cast.ada)

        with tenancy.scope(cast.alder.organization.pk):
            ada = Membership.objects.get(user=cast.ada)
        assert (ada.role, ada.ended_at) == (Role.OWNER, None)


class TestAct:
    @pytest.mark.parametrize("whose", ["asker", "person"])
    def test_is_approved_by_neither_who_asked_nor_whom_it_is_about(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn, whose: str
    ):
        address = f"/admin/people/{sam.pk}/close/"
        act_id = ask_for(signed_in(tove), address, WHY)
        client = signed_in({"asker": tove, "person": sam}[whose])
        before = hashes()

        answer = client.post(f"/admin/acts/{act_id}/approve/")

        assert answer.status_code == 403
        assert hashes() == before

    def test_is_kept_from_one_person_by_the_database_too(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        address = f"/admin/people/{sam.pk}/close/"
        act_id = ask_for(signed_in(tove), address, WHY)

        for second in (tove, sam):
            with (
                pytest.raises(IntegrityError, match="second_person"),
                transaction.atomic(),
                at_desk(tove.pk),
            ):
                OperatorAct.objects.filter(pk=act_id).update(
                    approved_by=second, approved_at=utc_now()
                )

    def test_is_approved_once_and_within_a_day(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        address = f"/admin/people/{cast.ben.pk}/close/"
        second = signed_in(sam)
        act_id = ask_for(signed_in(tove), address, WHY)
        late = ask_for(signed_in(tove), address, WHY)
        second.post(f"/admin/acts/{act_id}/approve/")
        before = hashes()

        again = second.post(f"/admin/acts/{act_id}/approve/")
        with pytest.raises(OverError), at_desk(sam.pk):
            approve_act(
                operator=sam,
                act_id=late,
                now=utc_now() + timedelta(hours=24),
            )

        assert again.status_code == 409
        assert hashes() == before

    def test_that_is_taken_back_is_not_approved(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        act_id = ask_for(client, f"/admin/people/{cast.ben.pk}/close/", WHY)
        client.post(f"/admin/acts/{act_id}/end/")
        before = hashes()

        answer = signed_in(sam).post(f"/admin/acts/{act_id}/approve/")

        assert answer.status_code == 409
        assert hashes() | {"accounts_user": 0} == before | {"accounts_user": 0}
        rows = AuditLog.unscoped.filter(subject_id=act_id).order_by("at", "id")
        assert [row.action for row in rows] == [
            "accounts.operator_act.asked",
            "accounts.operator_act.ended",
        ]

    def test_is_read_by_the_clinic_it_is_about_and_by_no_other(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        close_as_two(signed_in(tove), signed_in(sam), cast.ben)

        seen = {}
        for clinic in (cast.alder, cast.birch):
            with tenancy.scope(clinic.organization.pk):
                seen[clinic.organization.name] = OperatorAct.objects.count()

        assert seen == {"Alder Clinic": 1, "Birch Legal": 0}
        assert OperatorAct.objects.count() == 0

    def test_page_has_the_button_for_the_second_person_alone(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        act_id = ask_for(client, f"/admin/people/{cast.ben.pk}/close/", WHY)
        page = f"/admin/operatoract/{act_id}/"
        approve = f"/admin/acts/{act_id}/approve/"

        own = client.get(page).content.decode()
        seconds = signed_in(sam).get(page).content.decode()

        assert approve not in own
        assert approve in seconds
        assert WHY["reason"] in own
        assert f"b•••@alder-clinic.example ({cast.ben.pk})" in seconds
