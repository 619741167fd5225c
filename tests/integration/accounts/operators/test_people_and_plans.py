import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from accounts.models import Organization, User
from accounts.operators.models import OperatorGrant
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from tests.cast import Cast, make_person
from tests.cast_fixtures import SignIn
from tests.hashes import without_hashes
from tests.integration.accounts.operators.conftest import (
    as_owner,
    close_as_two,
    hashes,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


def _person(user: User) -> tuple[object, ...]:
    return as_owner(
        "SELECT is_active, session_epoch FROM accounts_user WHERE id = %s", [user.pk]
    )[0]


def _rows(action: str, subject: object) -> list[tuple[object, dict[str, object]]]:
    rows = AuditLog.unscoped.filter(action=action, subject_id=subject)
    return [(row.actor_id, row.facts) for row in rows.order_by("at", "id")]


class TestPerson:
    def test_is_opened_again_by_one_operator(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        client, ben = signed_in(tove), cast.ben
        close_as_two(client, signed_in(sam), ben)
        closed = _person(ben)

        client.post(f"/admin/people/{ben.pk}/open/")

        assert closed == (False, 1)
        assert _person(ben) == (True, 2)
        # Once of no clinic, and once for each of theirs.
        opened = (tove.pk, {"is_active": True})
        assert _rows("accounts.person.set_active", ben.pk)[1:] == [opened]
        with tenancy.scope(cast.alder.organization.pk):
            assert _rows("accounts.person.set_active", ben.pk)[1:] == [opened]

    def test_does_not_close_themself(self, cast: Cast, tove: User, signed_in: SignIn):
        client = signed_in(tove)
        before = hashes()

        answer = client.post(f"/admin/people/{tove.pk}/close/", {"reason": "x"})

        assert answer.status_code == 403
        assert hashes() == before

    def test_is_found_by_their_address_which_stands_in_no_url(
        self, cast: Cast, tove: User, signed_in: SignIn
    ):
        client = signed_in(tove)

        found = client.post("/admin/people/find/", {"email": cast.ada.email.upper()})
        unknown = client.post("/admin/people/find/", {"email": "x@nowhere.example"})

        assert found.headers["Location"] == f"/admin/user/{cast.ada.pk}/"
        assert unknown.headers["Location"] == "/admin/"

    def test_is_not_told_by_the_database_to_who_is_at_no_desk(self, cast: Cast):
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT person_with_address(%s)", [cast.ada.email])
            found = cursor.fetchone()
            cursor.execute("SELECT set_person_active(%s, false)", [cast.ada.pk])
            closed = cursor.fetchone()

        assert (found, closed) == ((None,), (False,))
        assert _person(cast.ada) == (True, 0)


class TestPlan:
    def test_is_set_with_one_row_in_the_clinics_record(
        self, cast: Cast, tove: User, signed_in: SignIn
    ):
        clinic = cast.alder.organization.pk
        client = signed_in(tove)

        client.post(f"/admin/clinics/{clinic}/plan/", {"plan": "enterprise"})
        client.post(f"/admin/clinics/{clinic}/plan/", {"plan": "enterprise"})

        with tenancy.scope(clinic):
            assert Organization.objects.get(pk=clinic).plan == "enterprise"
            rows = AuditLog.objects.filter(action="accounts.plan.set")
            facts = [(row.actor_id, without_hashes(row.facts)) for row in rows]
        assert facts == [(tove.pk, {"from": 0, "to": 2})]

    def test_is_none_we_do_not_have(self, cast: Cast, tove: User, signed_in: SignIn):
        client, clinic = signed_in(tove), cast.alder.organization.pk
        before = hashes()

        client.post(f"/admin/clinics/{clinic}/plan/", {"plan": "free"})

        assert hashes() == before


class TestMakeOperator:
    def test_is_refused_to_the_applications_role(self, cast: Cast):
        before = hashes()

        with pytest.raises(CommandError, match="owner alone"):
            call_command("make_operator", cast.eve.email, reason="first")

        assert hashes() == before

    def test_makes_one_for_eight_hours_as_the_owner(
        self, cast: Cast, as_the_owner: None, capsys
    ):
        call_command("make_operator", cast.eve.email.upper(), reason="first")

        grant = OperatorGrant.objects.get(user=cast.eve)
        assert grant.approved_at is not None
        assert grant.expires_at is not None
        assert (grant.expires_at - grant.approved_at).total_seconds() == 8 * 3600
        assert "set up a second factor" in capsys.readouterr().out
        assert _rows("accounts.operator_grant.opened", grant.pk) == [
            (None, {"user": str(cast.eve.pk)})
        ]

    def test_makes_none_of_somebody_unknown(self, cast: Cast, as_the_owner: None):
        with pytest.raises(CommandError, match="Nobody"):
            call_command("make_operator", "x@nowhere.example", reason="first")


class TestMembership:
    def test_is_listed_by_ids_alone(self, cast: Cast, tove: User, signed_in: SignIn):
        vic = make_person("Vic Canary", "canary@elsewhere.example")

        client = signed_in(tove)
        pages = [
            client.get(f"/admin/{place}/").content.decode()
            for place in ("membership", "user", "auditlog")
        ]

        assert str(vic.pk) in pages[1]
        assert all("Canary" not in page for page in pages)
        assert all("canary@" not in page for page in pages)
        assert all("Ada Lindgren" not in page for page in pages)


class TestList:
    @pytest.mark.parametrize(
        "guess", ["email__startswith=a", "password__startswith=b", "full_name=Ada"]
    )
    def test_answers_no_guess_at_what_it_does_not_show(
        self, cast: Cast, tove: User, signed_in: SignIn, guess: str
    ):
        answer = signed_in(tove).get(f"/admin/user/?{guess}")

        assert answer.status_code == 400
