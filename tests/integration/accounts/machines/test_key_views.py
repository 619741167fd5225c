from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.machines.models import ApiKeyRule
from accounts.models import ApiKey, CustomRole, Membership
from accounts.permissions import Permission, Role
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from tests.cast import CHICAGO, Cast
from tests.cast_fixtures import SignIn
from tests.hashes import without_hashes
from tests.integration.accounts.machines.conftest import Program, make_machine, rows_of

LIST = "/app/settings/keys/"
NEW = "/app/settings/keys/new/"


def _form(**more):
    return {
        "form_id": str(uuid4()),
        "name": "Practice software",
        "scopes": ["calls:read", "messages:read"],
        "life": "90",
        **more,
    }


def _keys(cast: Cast) -> list[ApiKey]:
    with tenancy.scope(cast.alder.organization.id):
        return list(ApiKey.objects.select_related("rule").order_by("created_at"))


class TestTheList:
    def test_shows_keys_that_work_before_those_that_do_not(
        self, cast: Cast, signed_in: SignIn
    ):
        for _ in range(4):
            make_machine(cast, "calls:read", networks=("192.0.2.0/24",))
        first, second, third, _ = _keys(cast)
        now = utc_now()
        with tenancy.scope(cast.alder.organization.id):
            ApiKey.objects.filter(pk=first.pk).update(revoked_at=now)
            ApiKey.objects.filter(pk=second.pk).update(expires_at=now)
            ApiKey.objects.filter(pk=third.pk).update(
                expires_at=now + timedelta(days=3, hours=1)
            )

        answer = signed_in(cast.ada).get(LIST)

        words = [row.badge.word for row in answer.context["working"]]
        over = [row.badge.word for row in answer.context["over"]]
        assert (words, over) == (["Works", "Ends in 3 days"], ["Expired", "Ended"])
        page = answer.content.decode()
        assert "made by Ada Lindgren" in page
        assert "192.0.2.0/24" in page
        assert "Make a key" in page

    def test_costs_the_same_for_one_key_and_for_ten(
        self, cast: Cast, signed_in: SignIn, django_assert_num_queries
    ):
        client = signed_in(cast.ada)
        make_machine(cast, "calls:read")
        with CaptureQueriesContext(connection) as few:
            client.get(LIST)
        for _ in range(9):
            make_machine(cast, "calls:read")

        with django_assert_num_queries(len(few)):
            assert len(client.get(LIST).context["working"]) == 10

    def test_is_an_auditors_to_see_and_not_to_change(
        self, cast: Cast, signed_in: SignIn
    ):
        make_machine(cast, "calls:read")
        (key,) = _keys(cast)
        cys = signed_in(cast.cy)

        page = cys.get(LIST)

        assert page.status_code == 200
        assert "Make a key" not in page.content.decode()
        assert cys.get(NEW).status_code == 403
        assert cys.post(NEW, _form()).status_code == 403
        assert cys.get(f"{LIST}{key.id}/end/").status_code == 403
        assert cys.post(f"{LIST}{key.id}/end/").status_code == 403
        assert [one.revoked_at for one in _keys(cast)] == [None]
        assert rows_of(cast, "accounts.api_key.ended") == []

    def test_is_not_a_receptionists_and_nobodys(self, cast: Cast, signed_in: SignIn):
        assert signed_in(cast.ben).get(LIST).status_code == 403
        assert Client().get(LIST).status_code == 302
        assert Client().post(NEW, _form()).status_code == 302
        assert _keys(cast) == []

    def test_names_no_key_of_another_clinic(self, cast: Cast, signed_in: SignIn):
        make_machine(cast, "calls:read")

        answer = signed_in(cast.dot).get(LIST)

        assert answer.context["working"] == []
        assert "No program can come in." in answer.content.decode()


class TestMakingAKey:
    def test_shows_it_once(self, cast: Cast, signed_in: SignIn):
        client = signed_in(cast.ada)
        form = _form(networks="192.0.2.0/24\n2001:db8::1, 192.0.2.0/24")

        answer = client.post(NEW, form)
        secret = answer.context["secret"]
        listed = client.get(LIST).content.decode()

        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert secret in answer.content.decode()
        assert secret.split("_", 2)[2] not in listed
        (key,) = _keys(cast)
        assert key.scopes == ["calls:read", "messages:read"]
        assert key.rule.networks == ["192.0.2.0/24", "2001:db8::1/128"]
        assert key.rule.made_by_id == cast.ada.id
        assert key.expires_at - key.created_at == pytest.approx(
            timedelta(days=90), abs=timedelta(seconds=5)
        )
        (row,) = rows_of(cast, "accounts.api_key.made")
        assert (row.actor_id, without_hashes(row.facts)) == (
            cast.ada.id,
            {"scopes": 2, "networks": 2},
        )

    def test_lets_the_program_in(self, cast: Cast, signed_in: SignIn):
        secret = signed_in(cast.ada).post(NEW, _form()).context["secret"]

        assert Program(f"Api-Key {secret}").get("calls/").status_code == 200

    def test_ends_with_the_chosen_day_of_the_clinic(
        self, cast: Cast, signed_in: SignIn
    ):
        day = utc_now().date() + timedelta(days=500)

        signed_in(cast.ada).post(NEW, _form(life="date", until=day.isoformat()))

        (key,) = _keys(cast)
        there = key.expires_at.astimezone(CHICAGO)
        assert (there.date(), there.hour) == (day + timedelta(days=1), 0)

    @pytest.mark.parametrize(
        ("change", "field", "words"),
        [
            ({"name": ""}, "name", "Write which program"),
            ({"scopes": []}, "scopes", "Choose what"),
            ({"scopes": ["all"]}, "scopes", "You cannot give this away"),
            ({"life": "date"}, "until", "Write the last day."),
            ({"life": "date", "until": "2020-01-01"}, "until", "from today on"),
            ({"life": "date", "until": "2999-01-01"}, "until", "from today on"),
            ({"life": "date", "until": "soon"}, "until", "This is no date."),
            ({"networks": "192.0.2.1/24"}, "networks", "Write 192.0.2.0/24."),
            ({"networks": "::/0"}, "networks", "Leave the list empty"),
        ],
    )
    def test_says_what_is_not_right(
        self, cast: Cast, signed_in: SignIn, change, field, words
    ):
        answer = signed_in(cast.ada).post(NEW, _form(**change))

        assert answer.status_code == 200
        assert list(answer.context["form"].errors) == [field]
        assert words in answer.content.decode()
        assert _keys(cast) == []

    def test_makes_one_when_the_form_is_sent_twice(self, cast: Cast, signed_in: SignIn):
        client, form = signed_in(cast.ada), _form()

        client.post(NEW, form)
        again = client.post(NEW, form, follow=True)

        assert "This form has made its key" in again.content.decode()
        assert len(_keys(cast)) == 1
        assert len(rows_of(cast, "accounts.api_key.made")) == 1

    def test_gives_no_more_than_its_maker_holds(self, cast: Cast, signed_in: SignIn):
        alder = cast.alder.organization
        with tenancy.scope(alder.id):
            role = CustomRole.objects.create(
                organization=alder,
                name="IT",
                permissions=[Permission.KEYS_VIEW, Permission.KEYS_MANAGE],
                created_at=utc_now(),
            )
            Membership.objects.filter(user=cast.ben).update(
                role=Role.VIEWER, custom_role=role
            )
        client = signed_in(cast.ben)

        offered = client.get(NEW).context["form"].fields["scopes"].choices
        answer = client.post(NEW, _form())

        assert [word for word, _ in offered] == ["keys:read"]
        assert "You cannot give this away" in answer.content.decode()
        assert _keys(cast) == []


class TestEndingAKey:
    def test_asks_first_and_then_shuts_the_program_out(
        self, cast: Cast, signed_in: SignIn
    ):
        machine = make_machine(cast, "calls:read")
        (key,) = _keys(cast)
        client = signed_in(cast.ada)

        asked = client.get(f"{LIST}{key.id}/end/")
        before = machine.get("calls/").status_code
        done = client.post(f"{LIST}{key.id}/end/", follow=True)

        assert "End the key of Practice software?" in asked.content.decode()
        assert (before, machine.get("calls/").status_code) == (200, 401)
        assert "Practice software is ended." in done.content.decode()
        (row,) = rows_of(cast, "accounts.api_key.ended")
        assert (row.actor_id, row.subject_id) == (cast.ada.id, key.id)
        (made,) = rows_of(cast, "accounts.api_key.made")
        assert row.facts == {"before": made.facts["after"]}

    def test_of_another_clinic_is_404_and_changes_nothing(
        self, cast: Cast, signed_in: SignIn
    ):
        make_machine(cast, "calls:read")
        (key,) = _keys(cast)
        dots = signed_in(cast.dot)

        for key_id in (key.id, uuid7()):
            assert dots.get(f"{LIST}{key_id}/end/").status_code == 404
            assert dots.post(f"{LIST}{key_id}/end/").status_code == 404
        assert _keys(cast)[0].revoked_at is None
        with tenancy.scope(cast.birch.organization.id):
            assert not ApiKeyRule.objects.exists()
