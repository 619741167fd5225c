import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from accounts.models import Agency, CustomRole, Membership, Organization, User
from accounts.operators.desk import at_desk
from accounts.operators.errors import OwnerStandsError
from accounts.operators.services.approve_act import approve_act
from accounts.permissions import Role
from compliance.closing.models import Closing
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.jobs import run_waiting
from tests.cast import NOW, Cast, join
from tests.cast_fixtures import SignIn
from tests.hashes import without_hashes
from tests.integration.accounts.operators.conftest import (
    ask_for,
    close_as_two,
    grant,
    hashes,
)
from tests.owner import as_owner

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])

WHY = "Their letter of 26 November"
OWNED = "This clinic has an owner"


def _confirm(person: User) -> None:
    as_owner(
        "UPDATE accounts_user SET email_verified_at = %s WHERE id = %s",
        [NOW, person.pk],
    )


def _close(person: User) -> None:
    as_owner("UPDATE accounts_user SET is_active = false WHERE id = %s", [person.pk])


@pytest.fixture
def place(cast: Cast) -> str:
    """Alder as a restore leaves it; the address that asks for an owner."""
    _close(cast.ada)
    as_owner(
        "UPDATE accounts_membership SET ended_at = %s WHERE user_id = %s",
        [NOW, cast.ada.pk],
    )
    _confirm(cast.ben)
    return f"/admin/clinics/{cast.alder.organization.pk}/owner/"


def _of(person: User) -> dict[str, str]:
    return {"email": person.email, "reason": WHY}


def _approve(client: Client, act_id: str) -> int:
    return client.post(f"/admin/acts/{act_id}/approve/").status_code


def _said(client: Client, cast: Cast) -> str:
    page = client.get(f"/admin/organization/{cast.alder.organization.pk}/")
    assert page.status_code == 200
    return page.content.decode()


def _stands(cast: Cast, person: User) -> tuple[object, ...]:
    with tenancy.scope(cast.alder.organization.pk):
        row = Membership.objects.get(user=person)
        return (row.role, row.custom_role_id, row.is_limited, row.ended_at)


def _rows(cast: Cast) -> list[AuditLog]:
    with tenancy.scope(cast.alder.organization.pk):
        return list(AuditLog.objects.filter(action="accounts.owner.appointed"))


class TestOwner:
    def test_is_given_by_two_and_the_clinic_reads_of_it(
        self,
        cast: Cast,
        place: str,
        tove: User,
        sam: User,
        signed_in: SignIn,
    ):
        join(cast.alder, cast.eve, Role.ADMINISTRATOR)
        his, second = signed_in(cast.ben), signed_in(sam)
        assert his.get("/app/").status_code == 200
        act_id = ask_for(signed_in(tove), place, _of(cast.ben))
        asked = _stands(cast, cast.ben)
        page = second.get(f"/admin/operatoract/{act_id}/").content.decode()

        answer = _approve(second, act_id)

        assert f"Alder Clinic, b•••@alder-clinic.example ({cast.ben.pk})" in page
        assert (answer, asked) == (302, (Role.RECEPTIONIST, None, False, None))
        assert _stands(cast, cast.ben) == (Role.OWNER, None, False, None)
        assert his.get("/app/").status_code == 302
        (row,) = _rows(cast)
        with tenancy.scope(cast.alder.organization.pk):
            member = Membership.objects.get(user=cast.ben)
        assert (row.actor_kind, row.actor_id) == ("operator", sam.pk)
        assert (row.subject_kind, row.subject_id) == ("membership", member.pk)
        assert without_hashes(row.facts) == {
            "user_id": str(cast.ben.pk),
            "act": act_id,
            "asked_by": str(tove.pk),
        }
        assert row.facts["before"] != row.facts["after"]
        run_waiting()
        letters = {one.to[0]: one for one in mail.outbox}
        assert set(letters) == {cast.ben.email, cast.eve.email}
        for letter in letters.values():
            assert letter.subject == "Alder Clinic has an owner again"
            for words in ("Ben Osei owns", WHY, "Tove Lind", "Sam Idowu"):
                assert words in letter.body

    @pytest.mark.parametrize("who", ["stranger", "gone", "limited", "composed"])
    def test_begins_anew_whatever_they_were(
        self,
        cast: Cast,
        place: str,
        tove: User,
        sam: User,
        signed_in: SignIn,
        who: str,
    ):
        person = cast.eve if who == "stranger" else cast.ben
        _confirm(person)
        alder = cast.alder.organization.pk
        with tenancy.scope(alder):
            own = Membership.objects.filter(user=person)
            if who == "composed":
                role = CustomRole.objects.create(
                    organization_id=alder, name="Desk", permissions=[], created_at=NOW
                )
                own.update(role=Role.VIEWER, custom_role=role)
            else:
                own.update(
                    ended_at=NOW if who == "gone" else None,
                    is_limited=who == "limited",
                )
        act_id = ask_for(signed_in(tove), place, _of(person))

        answer = _approve(signed_in(sam), act_id)

        assert (answer, _stands(cast, person)) == (302, (Role.OWNER, None, False, None))
        (row,) = _rows(cast)
        assert ("before" in row.facts) is (who in {"limited", "composed"})

    def test_whose_account_was_closed_counts_no_more_and_gets_a_letter(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        _close(cast.ada)
        _confirm(cast.ben)
        place = f"/admin/clinics/{cast.alder.organization.pk}/owner/"
        act_id = ask_for(signed_in(tove), place, _of(cast.ben))

        answer = _approve(signed_in(sam), act_id)

        run_waiting()
        assert answer == 302
        assert {one.to[0] for one in mail.outbox} == {cast.ada.email, cast.ben.email}

    def test_has_a_form_where_there_is_none_and_nowhere_else(
        self, cast: Cast, place: str, tove: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        birch = f"/admin/organization/{cast.birch.organization.pk}/"

        said = _said(client, cast)
        fields = re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', said, re.DOTALL)

        assert place in said
        # A label that names two fields leads to the first of them.
        assert {"owner_reason", "plan_reason", "id_reason"} <= set(fields)
        assert len(fields) == len(set(fields))
        assert "/owner/" not in client.get(birch).content.decode()


class TestRefusal:
    @pytest.mark.parametrize("second", ["asker", "person"])
    def test_of_who_asked_and_of_whom_it_is_about(
        self,
        cast: Cast,
        place: str,
        tove: User,
        sam: User,
        signed_in: SignIn,
        second: str,
    ):
        _confirm(cast.eve)
        act_id = ask_for(signed_in(tove), place, _of(cast.eve))
        grant(cast.eve)
        client = signed_in({"asker": tove, "person": cast.eve}[second])
        before = hashes()

        answer = _approve(client, act_id)

        assert (answer, hashes()) == (403, before)

    @pytest.mark.parametrize("who", ["asker", "third"])
    def test_of_an_operator(
        self,
        cast: Cast,
        place: str,
        tove: User,
        uma: User,
        signed_in: SignIn,
        who: str,
    ):
        person = tove if who == "asker" else uma
        _confirm(person)
        client = signed_in(tove)
        before = hashes()

        client.post(place, _of(person))

        assert "This person is an operator" in _said(client, cast)
        assert hashes() == before

    def test_of_who_has_become_an_operator_meanwhile(
        self, cast: Cast, place: str, tove: User, sam: User, signed_in: SignIn
    ):
        act_id = ask_for(signed_in(tove), place, _of(cast.ben))
        second = signed_in(sam)
        grant(cast.ben)
        before = hashes()

        assert _approve(second, act_id) == 409
        assert hashes() == before

    def test_of_a_clinic_whose_owner_operators_have_just_closed(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        """Else two of them could take any clinic from its owner in four clicks."""
        _confirm(cast.ben)
        client, second = signed_in(tove), signed_in(sam)
        place = f"/admin/clinics/{cast.alder.organization.pk}/owner/"
        close_as_two(client, second, cast.ada)
        before = hashes()
        client.post(place, _of(cast.ben))
        assert "The owner has a letter about it" in _said(client, cast)
        assert hashes() == before

        as_owner(
            "UPDATE operators_operatoract SET approved_at = approved_at - "
            "interval '7 days'",
            [],
        )
        act_id = ask_for(client, place, _of(cast.ben))
        as_owner(
            "UPDATE operators_operatoract SET approved_at = now() "
            "WHERE kind = 'person_close'",
            [],
        )
        before = hashes()

        assert _approve(second, act_id) == 409
        assert hashes() == before

    def test_of_a_clinic_that_has_one(self, cast: Cast, tove: User, signed_in: SignIn):
        _confirm(cast.ben)
        client = signed_in(tove)
        before = hashes()

        client.post(
            f"/admin/clinics/{cast.alder.organization.pk}/owner/", _of(cast.ben)
        )

        assert OWNED in _said(client, cast)
        assert hashes() == before

    def test_of_a_clinic_that_has_got_one_meanwhile(
        self, cast: Cast, place: str, tove: User, sam: User, signed_in: SignIn
    ):
        act_id = ask_for(signed_in(tove), place, _of(cast.ben))
        second = signed_in(sam)
        join(cast.alder, cast.eve, Role.OWNER)
        before = hashes()

        answer = second.post(f"/admin/acts/{act_id}/approve/")

        assert (answer.status_code, hashes()) == (409, before)
        assert OWNED in answer.content.decode()
        assert _rows(cast) == []

    def test_of_the_later_one_of_two_at_once(
        self,
        cast: Cast,
        place: str,
        tove: User,
        sam: User,
        signed_in: SignIn,
    ):
        _confirm(cast.eve)
        client, start = signed_in(tove), Barrier(2)
        acts = [ask_for(client, place, _of(one)) for one in (cast.ben, cast.eve)]

        def approve(act_id: str) -> str:
            try:
                with at_desk(sam.pk):
                    start.wait(10)
                    approve_act(operator=sam, act_id=UUID(act_id), now=utc_now())
            except OwnerStandsError as error:
                return error.code
            else:
                return "done"
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            ends = sorted(pool.map(approve, acts))

        assert ends == ["done", "owner_stands"]
        with tenancy.scope(cast.alder.organization.pk):
            owners = Membership.objects.filter(role=Role.OWNER, ended_at=None)
            assert owners.count() == 1

    def test_of_a_clinic_whose_first_one_has_not_come(
        self, cast: Cast, place: str, tove: User, signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.pk):
            Organization.objects.update(agency=Agency.objects.create(name="Lakeside"))
            Membership.objects.filter(role=Role.OWNER).update(role=Role.VIEWER)
        client = signed_in(tove)
        before = hashes()

        client.post(place, _of(cast.ben))

        said = _said(client, cast)
        assert "Its agency invites them" in said
        assert place not in said
        assert hashes() == before

    def test_of_a_clinic_that_is_being_closed(
        self, cast: Cast, place: str, tove: User, sam: User, signed_in: SignIn
    ):
        client, second = signed_in(tove), signed_in(sam)
        act_id = ask_for(client, place, _of(cast.ben))
        dates = [
            one.name
            for one in Closing._meta.fields
            if one.name.endswith(("_at", "_by", "_until")) and not one.null
        ]
        with tenancy.scope(cast.alder.organization.pk):
            Closing.objects.create(
                organization_id=cast.alder.organization.pk,
                **dict.fromkeys(dates, NOW) | {"asked_by": cast.ada.pk},
            )
        before = hashes()

        answer = _approve(second, act_id)
        client.post(place, _of(cast.ben))

        assert answer == 409
        assert "is being closed" in _said(client, cast)
        assert hashes() == before

    @pytest.mark.parametrize("why", ["nobody", "unconfirmed", "closed"])
    def test_of_who_cannot_sign_in(
        self,
        cast: Cast,
        place: str,
        tove: User,
        sam: User,
        signed_in: SignIn,
        why: str,
    ):
        client = signed_in(tove)
        asked = ask_for(client, place, _of(cast.ben))
        second = signed_in(sam)
        as_owner(
            "UPDATE accounts_user SET is_active = %s, email_verified_at = %s "
            "WHERE id = %s",
            [why != "closed", None if why == "unconfirmed" else NOW, cast.ben.pk],
        )
        before = hashes()

        body = _of(cast.ben)
        if why == "nobody":
            body["email"] = "x@nowhere.example"
        else:
            assert _approve(second, asked) == 409
        answer = client.post(place, body)

        assert answer.headers["Location"] == (
            f"/admin/organization/{cast.alder.organization.pk}/"
        )
        assert hashes() == before

    def test_of_no_clinic_and_of_no_reason(
        self, cast: Cast, place: str, tove: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        before = hashes()

        answers = [
            client.post(place, {"email": cast.ben.email}).status_code,
            client.post(f"/admin/clinics/{uuid7()}/owner/", _of(cast.ben)).status_code,
        ]

        assert answers == [302, 404]
        assert hashes() == before
