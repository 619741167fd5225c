"""Each request of somebody of a clinic leaves a row in the clinic's record."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.exceptions import PermissionDenied

from accounts.models import Membership
from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from tests.cast import Cast
from tests.integration.accounts.machines.conftest import (
    Program,
    make_machine,
    rows_of,
)

ACTION = "accounts.api_request.answered"


def said(cast: Cast) -> list[tuple[list[str], dict[str, object]]]:
    return [(row.fields, row.facts) for row in rows_of(cast, ACTION)]


def count_rows(cast: Cast) -> int:
    with tenancy.scope(cast.alder.organization.id):
        return AuditLog.objects.count()


class TestLooks:
    @pytest.mark.parametrize("name", ["agents", "roles", "keys", "tokens", "sessions"])
    def test_leave_a_row_where_they_left_none(
        self, cast: Cast, adas: Program, name: str
    ):
        assert adas.get(f"{name}/").status_code == 200

        (row,) = rows_of(cast, ACTION)
        assert (row.fields, row.facts) == (
            [f"api-{name}"],
            {"status": 200, "verb": "GET"},
        )
        assert (row.actor_kind, row.actor_id) == ("user", cast.ada.id)
        assert (row.subject_kind, row.subject_id) == ("api_request", None)

    def test_that_are_noted_by_themselves_leave_no_second_row(
        self, cast: Cast, adas: Program
    ):
        before = count_rows(cast)

        assert adas.get("members/").status_code == 200

        assert count_rows(cast) == before + 1
        assert len(rows_of(cast, "accounts.members.read")) == 1
        assert rows_of(cast, ACTION) == []

    def test_cost_one_insert_in_the_same_transaction(self, adas: Program):
        adas.get("roles/")
        with CaptureQueriesContext(connection) as asked:
            adas.get("roles/")

        texts = [one["sql"] for one in asked]
        (at,) = [n for n, text in enumerate(texts) if "audit_logs" in text]
        assert texts[at].startswith("INSERT")
        # Then the scope ends, and nothing else is asked.
        assert [text.split(" ")[0] for text in texts[at + 1 :]] == ["SELECT", "RELEASE"]


class TestRefusals:
    def test_without_the_permission_leave_a_row(self, cast: Cast):
        machine = make_machine(cast, "calls:read")

        assert machine.get("roles/").status_code == 403

        (row,) = rows_of(cast, ACTION)
        assert row.actor_kind == "api_key"
        assert (row.fields, row.facts) == (
            ["api-roles"],
            {"status": 403, "verb": "GET"},
        )

    def test_of_what_is_asked_wrongly_leave_a_row(self, cast: Cast, adas: Program):
        assert adas.get("agents/", limit="all").status_code == 400
        assert adas.ask("FOLD", "agents/").status_code == 405

        assert said(cast) == [
            (["api-agents"], {"status": 400, "verb": "GET"}),
            (["api-agents"], {"status": 405}),
        ]

    def test_that_undo_what_was_done_leave_a_row(
        self, cast: Cast, adas: Program, monkeypatch: pytest.MonkeyPatch
    ):
        def refuse(*_args: object) -> None:
            raise PermissionDenied

        # Only after the look was noted, whose row is undone with all else.
        monkeypatch.setattr("accounts.machines.people_api.member_json", refuse)
        with tenancy.scope(cast.alder.organization.id):
            ada = Membership.objects.get(user=cast.ada)

        assert adas.get(f"members/{ada.id}/").status_code == 403

        assert rows_of(cast, "accounts.members.read") == []
        assert said(cast) == [(["api-member"], {"status": 403, "verb": "GET"})]

    def test_that_are_noted_by_themselves_leave_no_second_row(
        self, cast: Cast, adas: Program
    ):
        assert adas.get(f"members/{uuid7()}/").status_code == 404

        assert len(rows_of(cast, "accounts.thing.refused")) == 1
        assert said(cast) == []

    def test_of_too_many_leave_one_row_a_minute(
        self, cast: Cast, adas: Program, settings, stopped_clock
    ):
        settings.API_REQUESTS_A_PERSON = 2

        answers = [adas.get("roles/").status_code for _ in range(5)]

        assert answers == [200, 200, 429, 429, 429]
        assert [facts["status"] for _, facts in said(cast)] == [200, 200, 429]

    def test_without_the_permission_count_as_well(
        self, cast: Cast, settings, stopped_clock
    ):
        machine = make_machine(cast, "calls:read")
        settings.API_REQUESTS_A_KEY = 2

        answers = [machine.get("roles/").status_code for _ in range(4)]

        assert answers == [403, 403, 429, 429]

    def test_of_strangers_leave_none(self, cast: Cast):
        before = count_rows(cast)

        for headers in ({}, {"authorization": "Api-Key sv_x_y"}):
            assert Client().get("/api/v1/roles/", headers=headers).status_code == 401

        assert count_rows(cast) == before
        assert AuditLog.unscoped.filter(action=ACTION).count() == 0


class TestWrites:
    def test_leave_their_own_row_alone_and_one_when_sent_again(
        self, cast: Cast, adas: Program
    ):
        wish = {"name": "Front desk", "permissions": ["calls.view"]}
        key = {"Idempotency-Key": "once"}

        made = adas.ask("POST", "roles/", wish, **key)
        assert made.status_code == 201, made.content
        assert said(cast) == []
        again = adas.ask("POST", "roles/", wish, **key)

        assert again.json() == made.json()
        assert len(rows_of(cast, "accounts.custom_role.made")) == 1
        assert said(cast) == [(["api-roles"], {"status": 201, "verb": "POST"})]
