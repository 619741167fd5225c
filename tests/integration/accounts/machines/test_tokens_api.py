from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from accounts.machines.models import TokenFamily
from accounts.machines.tasks import tell_token_reuse
from accounts.models import Membership, Organization, User
from accounts.permissions import Role
from accounts.services.end_sessions import end_own_sessions
from accounts.way_in import signing_in
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.models import OutboxJob
from tests.cast import Cast, join
from tests.cast_day import Day
from tests.cast_factor import give_codes
from tests.integration.accounts.machines.conftest import (
    Program,
    code_now,
    give_factor,
    make_machine,
    program_of,
    rows,
    rows_of,
    sign_in,
)


def _families() -> list[TokenFamily]:
    with signing_in():
        return list(TokenFamily.objects.order_by("started_at", "id"))


def _refresh(program: Program):
    body = {"refresh": program.pair["refresh"]}
    return Client().post(
        "/api/v1/token/refresh/", body, content_type="application/json"
    )


def _epoch(user: User) -> int:
    with signing_in():
        return User.objects.get(pk=user.pk).session_epoch


class TestSigningIn:
    def test_gives_a_pair_that_opens_what_the_role_may(self, cast: Cast):
        answer = sign_in(cast.ben)
        program = Program(f"Bearer {answer.json()['access']}")

        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert program.get("calls/").status_code == 200
        assert program.get("keys/").status_code == 403
        (family,) = _families()
        assert (family.user_id, family.address) == (cast.ben.id, "127.0.0.1")
        assert family.expires_at - family.started_at == timedelta(hours=12)
        (row,) = rows("accounts.token.opened")
        assert (row.actor_id, row.facts) == (
            cast.ben.id,
            {
                "family": str(family.id),
                "organization": str(cast.alder.organization.id),
                "second_factor": False,
            },
        )

    def test_lasts_as_long_as_the_clinic_says(self, cast: Cast):
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(access_token_minutes=60, session_hours=1)

        pair = sign_in(cast.ben).json()

        assert pair["access_expires_at"] == pair["refresh_expires_at"]

    def test_ends_sooner_once_the_clinic_says_so(self, cast: Cast):
        ben = program_of(cast.ben)
        (family,) = _families()
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(session_hours=2)

        pair = _refresh(ben).json()

        until = family.started_at + timedelta(hours=2)
        assert datetime.fromisoformat(pair["refresh_expires_at"]) == until
        assert _families()[0].expires_at == until

    def test_opens_nothing_past_the_hours_the_clinic_now_has(
        self, cast: Cast, bens: Program
    ):
        with signing_in():
            an_hour_ago = utc_now() - timedelta(hours=1)
            TokenFamily.objects.update(started_at=an_hour_ago)
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(session_hours=1)

        assert bens.get("calls/").status_code == 401
        assert _refresh(bens).status_code == 401
        assert "ended" in rows("accounts.token.refused")[-1].facts

    @pytest.mark.parametrize("field", ["email", "password"])
    def test_says_the_same_of_a_wrong_address_and_a_wrong_password(
        self, cast: Cast, field
    ):
        answer = sign_in(cast.ben, **{field: "who@else.example"})

        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_refused")
        assert _families() == []
        assert len(rows("accounts.session.refused")) == 1
        assert _epoch(cast.ben) == 0

    def test_asks_an_owner_for_a_second_factor_that_is_not_set_up(self, cast: Cast):
        answer = sign_in(cast.ada)

        assert (answer.status_code, answer.json()["code"]) == (
            403,
            "second_factor_missing",
        )
        assert _families() == []

    def test_asks_for_the_code_of_one_that_is(self, cast: Cast):
        give_factor(cast.ada)

        without = sign_in(cast.ada)
        wrong = sign_in(cast.ada, code="000000")

        assert without.status_code == wrong.status_code == 401
        assert without.json()["code"] == wrong.json()["code"] == "code_needed"
        assert _families() == []
        assert len(rows("accounts.factor.refused")) == 1

    def test_takes_a_code_once(self, cast: Cast):
        give_factor(cast.ada)
        code = code_now()

        first = sign_in(cast.ada, code=code)
        second = sign_in(cast.ada, code=code)

        assert (first.status_code, second.status_code) == (200, 401)
        assert len(_families()) == 1

    def test_takes_a_recovery_code_once(self, cast: Cast):
        give_factor(cast.ada)
        code, _ = give_codes(cast.ada, now=utc_now())[:2]

        first = sign_in(cast.ada, code=code)
        second = sign_in(cast.ada, code=code)

        assert (first.status_code, second.status_code) == (200, 401)

    def test_looks_at_no_code_after_too_many_wrong_ones(self, cast: Cast):
        give_factor(cast.ada)
        for _ in range(5):
            sign_in(cast.ada, code="000000")

        right = sign_in(cast.ada, code=code_now())

        assert (right.status_code, right.json()["code"]) == (429, "too_many_tries")
        assert int(right.headers["retry-after"]) > 0
        assert _families() == []

    def test_goes_to_the_clinic_that_is_named(self, cast: Cast):
        join(cast.birch, cast.ben, Role.VIEWER)
        birch = cast.birch.organization.id

        program = program_of(cast.ben, organization=str(birch))

        assert program.get("calls/").status_code == 200
        assert program.get("messages/").status_code == 403
        assert _families()[0].organization_id == birch

    def test_finds_no_clinic_of_others(self, cast: Cast):
        theirs = sign_in(cast.ben, organization=str(cast.birch.organization.id))
        nobodys = sign_in(cast.ben, organization=str(uuid7()))
        none = sign_in(cast.eve)

        assert theirs.status_code == nobodys.status_code == none.status_code == 404
        assert theirs.json() == nobodys.json()
        assert _families() == []
        assert _epoch(cast.ben) == 0

    def test_ends_what_the_person_had_before(self, cast: Cast, bens: Program):
        again = program_of(cast.ben)

        assert bens.get("calls/").status_code == 401
        assert _refresh(bens).status_code == 401
        assert again.get("calls/").status_code == 200

    @pytest.mark.parametrize(
        "change",
        [{"is_staff": True}, {"role": "owner"}, {"email": 3}, {"organization": "x"}],
    )
    def test_refuses_fields_that_are_not_right(self, cast: Cast, change):
        answer = sign_in(cast.ben, **change)

        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == list(change)
        assert _families() == []


class TestAToken:
    def test_shows_callers_masked_to_who_must_give_a_reason(
        self, cast: Cast, day: Day, bens: Program
    ):
        calls = bens.get("calls/").json()["results"]
        messages = bens.get("messages/").json()["results"]

        shown = [one["caller_e164"] for one in calls]
        shown += [one["phone_e164"] for one in messages]
        assert len(list(filter(None, shown))) > 3
        assert all("•••" in number for number in shown if number)

    def test_is_over_with_the_next_sign_in_anywhere(self, cast: Cast, bens: Program):
        end_own_sessions(user_id=cast.ben.id)

        assert bens.get("calls/").status_code == 401
        (row,) = rows("accounts.token.refused")
        assert (row.subject_id, row.facts) == (cast.ben.id, {"ended": True})

    def test_is_over_when_the_membership_is(self, cast: Cast, bens: Program):
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=cast.ben).update(
                ended_at=cast.ben.created_at
            )

        assert bens.get("calls/").status_code == 401
        assert _refresh(bens).status_code == 401
        assert [row.facts for row in rows("accounts.token.refused")] == [
            {"no_member": True}
        ]

    def test_is_over_when_the_account_is_closed(self, cast: Cast, bens: Program):
        with signing_in():
            User.objects.filter(pk=cast.ben.pk).update(is_active=False)

        assert bens.get("calls/").status_code == 401
        assert _refresh(bens).status_code == 401

    def test_grants_what_the_role_grants_now(self, cast: Cast, bens: Program):
        with tenancy.scope(cast.alder.organization.id):
            Membership.objects.filter(user=cast.ben).update(role=Role.VIEWER)

        assert bens.get("messages/").status_code == 403

    def test_grants_nothing_once_a_second_factor_is_asked_for(
        self, cast: Cast, bens: Program
    ):
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(hipaa_mode=True)

        assert bens.get("calls/").status_code == 403


class TestRefreshing:
    def test_gives_the_next_pair_and_spends_the_token(self, bens: Program):
        first = _refresh(bens)
        following = Program(f"Bearer {first.json()['access']}", first.json())

        assert first.status_code == 200
        assert following.get("calls/").status_code == 200
        assert _refresh(following).status_code == 200
        assert len(_families()) == 1

    def test_never_goes_past_the_end_of_the_first(self, bens: Program):
        first = _refresh(bens).json()

        assert first["refresh_expires_at"] == bens.pair["refresh_expires_at"]

    def test_of_a_used_token_ends_the_family_and_tells_the_person(
        self, cast: Cast, bens: Program
    ):
        following = _refresh(bens).json()

        again = _refresh(bens)
        job = OutboxJob.objects.get(task="accounts.tell_token_reuse")
        tell_token_reuse(
            organization_id=None, **{name: UUID(one) for name, one in job.ids.items()}
        )

        assert (again.status_code, again.json()["code"]) == (401, "refresh_refused")
        program = Program(f"Bearer {following['access']}", following)
        assert program.get("calls/").status_code == 401
        assert _refresh(program).status_code == 401
        (family,) = _families()
        assert family.end_reason == "reused"
        (row,) = rows("accounts.token.reused")
        assert (row.subject_id, row.facts) == (cast.ben.id, {"family": str(family.id)})
        (letter,) = mail.outbox
        assert letter.to == [cast.ben.email]
        assert letter.subject == "A program of yours was signed out"

    def test_takes_no_access_token(self, bens: Program):
        bens.pair["refresh"] = bens.pair["access"]

        assert _refresh(bens).status_code == 401
        assert [row.facts for row in rows("accounts.token.refused")] == [
            {"malformed": True}
        ]


class TestLeaving:
    def test_ends_refresh_and_access_tokens(self, cast: Cast, bens: Program):
        answer = bens.ask("POST", "token/revoke/", {"refresh": bens.pair["refresh"]})

        assert (answer.status_code, answer.content) == (204, b"")
        assert bens.get("calls/").status_code == 401
        assert _refresh(bens).status_code == 401
        assert len(rows("accounts.token.ended")) == 1

    def test_tells_nobody_whether_a_token_was_one(self, bens: Program):
        answer = bens.ask("POST", "token/revoke/", {"refresh": "x"})

        assert answer.status_code == 204
        assert bens.get("calls/").status_code == 200
        assert rows("accounts.token.ended") == []


class TestOwnTokens:
    def test_are_listed_with_the_one_that_asks(self, cast: Cast, bens: Program):
        (found,) = bens.get("tokens/").json()["results"]

        assert found["is_current"] is True
        assert found["address"] == "127.0.0.1"
        assert found["organization_id"] == str(cast.alder.organization.id)

    def test_are_no_machines(self, cast: Cast):
        machine = make_machine(cast, "calls:read")

        assert machine.get("tokens/").status_code == 403
        assert machine.ask("DELETE", "tokens/").status_code == 403

    def test_can_be_ended_one_or_all(self, cast: Cast, bens: Program):
        (family,) = _families()

        one = bens.ask("DELETE", f"tokens/{family.id}/")
        after = bens.get("calls/")
        second = program_of(cast.ben)
        every = second.ask("DELETE", "tokens/")

        assert (one.status_code, after.status_code) == (204, 401)
        assert (every.status_code, every.json()) == (200, {"count": 1})
        assert second.get("calls/").status_code == 401
        assert len(rows("accounts.token.ended")) == 2

    def test_of_somebody_in_two_clinics_end_and_each_clinic_sees_it(self, cast: Cast):
        join(cast.birch, cast.ben, Role.VIEWER)
        first = program_of(cast.ben)
        (family,) = _families()

        one = first.ask("DELETE", f"tokens/{family.id}/")
        second = program_of(cast.ben)
        every = second.ask("DELETE", "tokens/")

        assert (one.status_code, one.content) == (204, b"")
        assert first.get("calls/").status_code == 401
        assert (every.status_code, every.json()) == (200, {"count": 1})
        assert second.get("calls/").status_code == 401
        assert len(rows("accounts.token.ended")) == 2
        assert len(rows_of(cast, "accounts.token.ended")) == 2

    def test_need_an_idempotency_key_that_is_one(self, cast: Cast, bens: Program):
        (family,) = _families()

        for path in ("tokens/", f"tokens/{family.id}/"):
            answer = bens.ask("DELETE", path, **{"Idempotency-Key": "a b"})
            assert answer.status_code == 400
        assert bens.get("calls/").status_code == 200

    def test_of_others_are_404_and_go_on(self, cast: Cast, bens: Program):
        cys = program_of(cast.cy)
        theirs = _families()[0]

        found = cys.ask("DELETE", f"tokens/{theirs.id}/")
        nobodys = cys.ask("DELETE", f"tokens/{uuid7()}/")

        assert found.status_code == nobodys.status_code == 404
        assert found.json() == nobodys.json()
        assert bens.get("calls/").status_code == 200
        assert rows("accounts.token.ended") == []
