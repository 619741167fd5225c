import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client

from accounts.machines.selectors.answered_keys import may_answer_for
from accounts.machines.selectors.gateway_tokens import find_gateway_token
from accounts.machines.services.make_key import KeyWish, make_key
from accounts.machines.services.rotate_gateway_token import rotate_gateway_token
from accounts.models import (
    Agency,
    AgencyMembership,
    ApiKey,
    Membership,
    Organization,
    User,
)
from accounts.operators.known_secrets import GATEWAY_TOKEN, KNOWN_SECRETS
from accounts.operators.models import OperatorSession
from accounts.operators.services.watch_leavings import (
    warn_of_leaving,
    watch_leavings,
)
from accounts.permissions import Role
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import NOW, Cast, actor_for, join, make_person
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import (
    as_owner,
    close_as_two,
    grant,
    hashes,
)

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
        grant(cast.ben)

        _begin(signed_in(tove), cast.ben)

        assert as_owner(
            "SELECT is_active, session_epoch FROM accounts_user WHERE id = %s",
            [cast.ben.pk],
        ) == [(True, 1)]

    def test_is_of_those_alone_who_were_operators(
        self, cast: Cast, tove: User, signed_in: SignIn
    ):
        with signing_in():
            agency = Agency.objects.create(name="North")
            AgencyMembership.objects.create(
                agency=agency, user=cast.eve, created_at=NOW
            )
        client = signed_in(tove)
        client.post(f"/admin/people/{cast.eve.pk}/grant/", {"reason": "new colleague"})
        before = hashes()

        answer = client.post(f"/admin/people/{cast.eve.pk}/leave/")

        assert answer.status_code == 404
        assert hashes() == before

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
        empty = client.get("/admin/operatoract/").content.decode()

        assert "+00:00" not in page
        assert "There is none yet." in empty
        assert "Create a new item" not in empty

        assert set(_steps(leaving)) == set(KNOWN_SECRETS)
        assert all(name in page for name in KNOWN_SECRETS)
        assert settings.SECRET_KEY not in page
        assert settings.TELNYX_API_KEY not in page
        assert "Its file was last written on" in page

    def test_closes_only_when_each_is_settled_and_confirmed(
        self, cast: Cast, tove: User, sam: User, uma: User, signed_in: SignIn
    ):
        second = signed_in(uma)
        client = signed_in(tove)
        leaving = _begin(client, sam)
        steps = _steps(leaving)
        close = f"/admin/leavings/{leaving}/close/"
        steps.pop(GATEWAY_TOKEN)
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
        unconfirmed = client.post(close)
        own = client.post(f"/admin/leavings/{leaving}/steps/{last}/confirm/")
        before = hashes()
        for step in (*steps.values(), last):
            second.post(f"/admin/leavings/{leaving}/steps/{step}/confirm/")
        twice = second.post(f"/admin/leavings/{leaving}/steps/{last}/confirm/")

        done = client.post(close)

        assert [one.status_code for one in (early, without, still)] == [
            409,
            302,
            409,
        ]
        assert (unconfirmed.status_code, own.status_code) == (409, 403)
        assert (twice.status_code, done.status_code) == (409, 302)
        assert hashes() != before
        by_hand = len(KNOWN_SECRETS) - 1
        assert as_owner(
            "SELECT outcome, reason, settled_by_id, confirmed_by_id "
            "FROM operators_leavingstep WHERE id = %s",
            [last],
        ) == [("kept", "No password: mail goes to a folder", tove.pk, uma.pk)]
        assert len(_rows("accounts.leaving_step.settled", tove)) == by_hand
        assert len(_rows("accounts.leaving_step.confirmed", uma)) == by_hand
        assert _rows("accounts.leaving.closed", tove) == [{"user": str(sam.pk)}]

    def test_is_no_matter_of_who_leaves_should_they_be_an_operator_again(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        client = signed_in(tove)
        leaving = _begin(client, sam)
        steps = _steps(leaving)
        settled, unsettled = (
            f"/admin/leavings/{leaving}/steps/{steps[name]}/"
            for name in ("SECRET_KEY", "EMAIL_URL")
        )
        client.post(settled, {"outcome": "rotated"})
        as_owner("UPDATE accounts_user SET is_active = true WHERE id = %s", [sam.pk])
        grant(sam)
        sams = signed_in(sam)
        before = hashes()

        answers = [
            sams.post(f"{settled}confirm/"),
            sams.post(unsettled, {"outcome": "rotated"}),
        ]
        page = sams.get(f"/admin/leaving/{leaving}/").content.decode()

        assert [one.status_code for one in answers] == [403, 403]
        assert hashes() == before
        assert f'action="{settled}confirm/"' not in page
        assert f'action="{unsettled}"' not in page
        assert page.count("Another operator settles it.") == len(steps) - 2

    def test_rotates_the_gateways_token_and_shows_the_next_one_once(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        _, old = rotate_gateway_token(now=utc_now())
        client = signed_in(tove)

        answer = client.post(f"/admin/people/{sam.pk}/leave/")

        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        (new,) = re.findall(r"sv_gw_[\w-]+", answer.content.decode())
        now = utc_now()
        assert find_gateway_token(secret=new, now=now) is not None
        assert find_gateway_token(secret=old, now=now) is not None
        after = now + timedelta(hours=24, minutes=1)
        assert find_gateway_token(secret=old, now=after) is None
        assert as_owner(
            "SELECT outcome, reason FROM operators_leavingstep WHERE secret = %s",
            [GATEWAY_TOKEN],
        ) == [("software", "")]

    def test_ends_what_they_asked_for_others(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        signed_in(sam).post(
            f"/admin/people/{cast.ben.pk}/grant/", {"reason": "Holiday cover"}
        )

        _begin(signed_in(tove), sam)

        assert as_owner(
            "SELECT ended_at IS NOT NULL FROM operators_operatorgrant "
            "WHERE granted_by_id = %s",
            [sam.pk],
        ) == [(True,)]

    def test_raises_an_alarm_once_a_day_when_it_is_overdue(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn, settings
    ):
        settings.SECURITY_MAIL = "security@sondervoice.example"
        leaving = _begin(signed_in(tove), sam)
        begun = utc_now()

        for hours in (71, 73, 74, 97):
            watch_leavings(now=begun + timedelta(hours=hours))

        found = AuditLog.unscoped.filter(action="accounts.leaving.overdue")
        assert [row.facts for row in found] == [{"open": len(KNOWN_SECRETS) - 1}] * 2
        warn_of_leaving(leaving_id=UUID(leaving))
        (letter,) = mail.outbox
        assert letter.to == ["security@sondervoice.example"]
        assert f"/admin/leaving/{leaving}/" in letter.body

    @pytest.mark.parametrize("act", ["leave", "close"])
    def test_ends_the_keys_that_nobody_answers_for_then(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn, act: str
    ):
        person = make_person("Max Mann", "max@alder-clinic.example")
        join(cast.alder, person, Role.ADMINISTRATOR)
        grant(person)
        clinic = cast.alder.organization.id
        wish = KeyWish(
            name="Practice software",
            scopes=["members:read"],
            expires_at=utc_now() + timedelta(days=90),
            networks=[],
        )
        with tenancy.scope(clinic):
            max_ = actor_for(person, cast.alder, Role.ADMINISTRATOR)
            make_key(actor=max_, wish=wish, now=utc_now())
            if act == "leave":
                Membership.objects.filter(user=person).update(ended_at=utc_now())

        by = {"leave": tove, "close": sam}[act]
        if act == "leave":
            _begin(signed_in(tove), person)
        else:
            close_as_two(signed_in(tove), signed_in(sam), person)

        with tenancy.scope(clinic):
            assert not ApiKey.objects.filter(name=wish.name, revoked_at=None).exists()
            row = AuditLog.objects.get(action="accounts.api_key.ended")
        assert (row.actor_kind, row.actor_id) == ("operator", by.pk)

    def test_ends_the_keys_of_an_agencys_administrator_whose_account_is_closed(
        self, cast: Cast, tove: User, sam: User, signed_in: SignIn
    ):
        jo = make_person("Jo Jansen", "jo@lakeside.example")
        with signing_in():
            agency = Agency.objects.create(name="Lakeside Support")
            AgencyMembership.objects.create(agency=agency, user=jo, created_at=NOW)
        wish = KeyWish(
            name="Practice software",
            scopes=["members:read"],
            expires_at=utc_now() + timedelta(days=90),
            networks=[],
        )
        with tenancy.scope(cast.alder.organization.id):
            Organization.objects.update(agency=agency)
            jos = actor_for(jo, cast.alder, Role.AGENCY_ADMINISTRATOR)
            key, _ = make_key(actor=jos, wish=wish, now=utc_now())
            before = may_answer_for(key, user_id=jo.pk)

        close_as_two(signed_in(tove), signed_in(sam), jo)

        with tenancy.scope(cast.alder.organization.id):
            assert before
            assert not may_answer_for(key, user_id=jo.pk)
            assert ApiKey.objects.get(pk=key.pk).revoked_at is not None
            row = AuditLog.objects.get(action="accounts.api_key.ended")
        assert (row.actor_kind, row.actor_id) == ("operator", sam.pk)

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
