"""Deleting a call, with its recording and its words, by a program."""

from datetime import timedelta

import pytest

from accounts.models import Organization
from accounts.permissions import SCOPE_GRANTS
from recordings.models import Utterance
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.soft_delete import RESTORABLE_FOR
from telephony.models import Call
from tests.cast import Cast
from tests.cast_calls import leave_message, make_call, say
from tests.integration.accounts.machines.conftest import (
    Program,
    adas,
    bens,
    cast,
    make_machine,
    rows_of,
    stopped_clock,
)

__all__ = ["adas", "bens", "cast", "stopped_clock"]

pytestmark = pytest.mark.django_db

KEY = {"Idempotency-Key": "a4be8f1e-3f0a-4a86-8a35-5f3f52b8f6f1"}


@pytest.fixture
def call(cast: Cast) -> Call:
    return _call(cast.alder)


def _call(practice, **fields) -> Call:
    with tenancy.scope(practice.organization.id):
        call = make_call(practice, at=utc_now() - timedelta(hours=2), **fields)
        say(call, 1, "caller", "Please call me back.", at_ms=9_000)
        leave_message(call, "Please call me back.")
    return call


def _state(call: Call) -> tuple[object, object, object]:
    with tenancy.scope(call.organization_id):
        row = Call.with_deleted.get(pk=call.id)
    return row.deleted_at, row.deleted_by, row.restorable_until


UNTOUCHED = (None, None, None)


class TestDeletingACall:
    def test_puts_it_into_the_bin_once_a_key(
        self, cast: Cast, adas: Program, call: Call
    ):
        path = f"calls/{call.id}/"
        seen = adas.get(path).status_code

        first = adas.ask("DELETE", path, **KEY)
        second = adas.ask("DELETE", path, **KEY)

        assert (seen, first.status_code, second.status_code) == (200, 204, 204)
        deleted_at, deleted_by, until = _state(call)
        assert (deleted_by, until - deleted_at) == (cast.ada.id, RESTORABLE_FOR)
        (row,) = rows_of(cast, "telephony.row.deleted")
        assert (row.subject_kind, row.subject_id, row.actor_id) == (
            "call",
            call.id,
            cast.ada.id,
        )

    def test_takes_recording_words_and_messages_out_of_sight(
        self, adas: Program, call: Call
    ):
        adas.ask("DELETE", f"calls/{call.id}/")

        assert adas.get(f"calls/{call.id}/").status_code == 404
        assert adas.get(f"calls/{call.id}/transcript/").status_code == 404
        assert adas.get("messages/").json()["results"] == []
        with tenancy.scope(call.organization_id):
            assert not Utterance.objects.filter(call=call).exists()

    def test_twice_without_a_key_finds_none(self, adas: Program, call: Call):
        adas.ask("DELETE", f"calls/{call.id}/")
        before = _state(call)

        answer = adas.ask("DELETE", f"calls/{call.id}/")

        assert (answer.status_code, answer.json()["code"]) == (404, "call_not_found")
        assert _state(call) == before

    def test_leaves_a_call_that_goes_on(self, cast: Cast, adas: Program):
        call = _call(cast.alder, status="live", ended_at=None)

        answer = adas.ask("DELETE", f"calls/{call.id}/")

        assert (answer.status_code, answer.json()["code"]) == (422, "still_needed")
        assert _state(call) == UNTOUCHED

    def test_in_hipaa_mode_wants_a_fresh_second_factor(
        self, cast: Cast, adas: Program, call: Call, stopped_clock
    ):
        with tenancy.scope(call.organization_id):
            Organization.objects.update(hipaa_mode=True)
        stopped_clock.move(minutes=6)

        answer = adas.ask("DELETE", f"calls/{call.id}/")

        assert answer.json()["code"] == "second_factor_stale"
        assert (answer.status_code, _state(call)) == (403, UNTOUCHED)
        assert rows_of(cast, "telephony.row.deleted") == []

    def test_is_not_for_the_desk_a_machine_or_a_stranger(
        self, cast: Cast, bens: Program, call: Call
    ):
        machine = make_machine(cast, *SCOPE_GRANTS)

        answers = [
            program.ask("DELETE", f"calls/{call.id}/").status_code
            for program in (bens, machine, Program(""))
        ]

        assert (answers, _state(call)) == ([403, 403, 401], UNTOUCHED)

    def test_finds_no_call_of_another_clinic(self, cast: Cast, adas: Program):
        call = _call(cast.birch)

        theirs = adas.ask("DELETE", f"calls/{call.id}/")
        nobodys = adas.ask("DELETE", f"calls/{uuid7()}/")

        assert (theirs.status_code, theirs.json()) == (404, nobodys.json())
        assert _state(call) == UNTOUCHED
