from datetime import timedelta

import pytest

from sondervoice.kernel import tenancy
from telephony.messages.models import Message
from telephony.messages.sealed import message_phone, message_text
from telephony.models import Call, CarrierCommand, ToolUse
from telephony.services.apply_event import apply_event
from telephony.services.keep_line import end_line
from telephony.services.put_through import check_transfer
from tests.cast import HANNAH, NOW
from tests.cast_calls import sealer_of
from tests.integration.telephony.posts import event, run_all_jobs
from tests.integration.telephony.ringing import keep, ring

pytestmark = pytest.mark.django_db


def _at(seconds):
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def call(cast):
    return ring(cast.alder, status="live", answered_at=NOW)


def _ask_for_a_person(call):
    end_line(
        organization_id=call.organization_id,
        call_id=call.id,
        epoch=0,
        how="put_through",
        now=_at(5),
    )


def _told(cast, call, name, *, at_s, **payload):
    data = event(
        name, clinic=cast.alder, call_id=call.carrier_call_id, at_s=at_s, **payload
    )
    event_id = keep(cast.alder, data, received_at=_at(at_s)).id
    apply_event(organization_id=call.organization_id, event_id=event_id, now=_at(at_s))


def _found(call):
    with tenancy.scope(call.organization_id):
        row = Call.objects.get(pk=call.pk)
        return row.status, row.outcome, row.end_reason


def _notes(call):
    with tenancy.scope(call.organization_id):
        sealer = sealer_of(call)
        return [
            (
                message_text(note, sealer),
                message_phone(note, sealer),
                note.is_urgent,
                note.is_note,
            )
            for note in Message.objects.filter(call=call)
        ]


def _asked(call):
    with tenancy.scope(call.organization_id):
        return list(
            ToolUse.objects.filter(call=call).values_list("name", "effect")
        ), list(
            CarrierCommand.objects.filter(call=call)
            .exclude(kind="answer")
            .order_by("id")
            .values_list("kind", "words_key")
        )


NOTE = (
    "The caller wanted a person and nobody answered. Please call back.",
    HANNAH,
    True,
    True,
)
TRANSFER = ("transfer", "")
GOODBYE = [("speak", "nobody"), ("hang_up", "")]


class TestPutThrough:
    def test_is_not_claimed_by_asking(self, call):
        _ask_for_a_person(call)

        assert _found(call) == ("live", "none", "")
        assert _asked(call) == ([("put_through", "asked")], [TRANSFER])

    def test_is_true_once_a_person_has_answered(self, cast, call, carrier):
        _ask_for_a_person(call)
        _told(cast, call, "call.bridged", at_s=20)
        run_all_jobs(cast)

        assert _found(call) == ("ended", "transferred", "transferred")
        assert _asked(call) == ([("put_through", "answered")], [TRANSFER])
        assert _notes(call) == []

    def test_that_nobody_answers_leaves_a_note_and_says_so(self, cast, call, carrier):
        _ask_for_a_person(call)
        run_all_jobs(cast)
        _told(cast, call, "call.hangup", at_s=45, hangup_source="callee")
        run_all_jobs(cast)

        assert _found(call) == ("ended", "message", "agent_hung_up")
        assert _asked(call) == (
            [("put_through", "unanswered")],
            [TRANSFER, *GOODBYE],
        )
        assert carrier.said[-1].startswith("I am sorry, nobody could answer.")
        assert _notes(call) == [NOTE]

    def test_that_is_refused_leaves_a_note_and_says_so(self, cast, call, carrier):
        carrier.fail("transfer", "status_422", permanent=True)
        _ask_for_a_person(call)
        run_all_jobs(cast)
        _told(cast, call, "call.hangup", at_s=20, hangup_source="callee")
        run_all_jobs(cast)

        assert _found(call) == ("ended", "message", "agent_hung_up")
        assert _asked(call)[1] == [TRANSFER, *GOODBYE]
        assert _notes(call) == [NOTE]

    def test_that_the_caller_does_not_wait_for_leaves_a_note(self, cast, call, carrier):
        _ask_for_a_person(call)
        _told(cast, call, "call.hangup", at_s=12, hangup_source="caller")
        run_all_jobs(cast)

        assert _found(call) == ("ended", "message", "caller_hung_up")
        assert _notes(call) == [NOTE]

    def test_told_after_the_end_counts_and_leaves_no_note(self, cast, call, carrier):
        _ask_for_a_person(call)
        _told(cast, call, "call.hangup", at_s=30, hangup_source="caller")
        _told(cast, call, "call.bridged", at_s=20)
        run_all_jobs(cast)

        assert _found(call) == ("ended", "transferred", "transferred")
        assert _notes(call) == []

    def test_told_while_goodbye_is_said_is_not_hung_up(self, cast, call, carrier):
        _ask_for_a_person(call)
        check_transfer(
            organization_id=call.organization_id, call_id=call.id, now=_at(33)
        )
        _told(cast, call, "call.bridged", at_s=29)
        run_all_jobs(cast)

        assert _found(call) == ("ended", "transferred", "transferred")
        assert "hang_up" not in carrier.kinds

    def test_of_an_emergency_leaves_it_an_emergency(self, cast, call, carrier):
        with tenancy.scope(call.organization_id):
            Call.objects.filter(pk=call.pk).update(outcome="emergency")
        _ask_for_a_person(call)
        _told(cast, call, "call.bridged", at_s=20)

        assert _found(call) == ("ended", "emergency", "transferred")

    def test_leaves_one_note_however_often_it_is_looked_at(self, cast, call, carrier):
        _ask_for_a_person(call)
        _ask_for_a_person(call)
        run_all_jobs(cast)
        _told(cast, call, "call.hangup", at_s=45, hangup_source="caller")
        _told(cast, call, "call.hangup", at_s=46, hangup_source="caller")
        run_all_jobs(cast)

        assert _notes(call) == [NOTE]
