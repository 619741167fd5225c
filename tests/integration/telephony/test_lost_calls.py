from datetime import timedelta

import pytest

from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.models import OutboxJob
from telephony.models import Call, CarrierCommand
from telephony.services.apply_event import apply_event
from telephony.services.end_lost_calls import end_lost_calls
from telephony.services.keep_line import beat_lines, end_line
from telephony.services.open_stream import open_stream
from telephony.tasks import sweep_lost_calls
from tests.cast import NOW
from tests.integration.telephony.posts import event, run_all_jobs
from tests.integration.telephony.ringing import keep, ring, token_for

pytestmark = pytest.mark.django_db


def _at(seconds):
    return NOW + timedelta(seconds=seconds)


def _live(cast, **fields):
    return ring(cast.alder, status="live", answered_at=NOW, **fields)


def _again(call):
    with tenancy.scope(call.organization_id):
        return Call.objects.get(pk=call.pk)


def _commands(call):
    with tenancy.scope(call.organization_id):
        rows = CarrierCommand.objects.filter(call=call).order_by("id")
        return [(row.kind, row.words_key) for row in rows if row.kind != "answer"]


def _sweep_every_ten_seconds(call, *, until_s):
    for second in range(0, until_s + 1, 10):
        if end_lost_calls(organization_id=call.organization_id, now=_at(second)):
            return second
    return None


class TestLostCall:
    @pytest.mark.parametrize("last_beat_s", [0, 5, 17])
    def test_ends_once_within_a_minute_of_the_last_sign(self, cast, last_beat_s):
        call = _live(cast, line_seen_at=_at(last_beat_s))

        ended_s = _sweep_every_ten_seconds(call, until_s=120)

        assert ended_s is not None
        assert 30 < ended_s - last_beat_s <= 60
        found = _again(call)
        assert (found.status, found.end_reason) == ("ended", "line_lost")
        assert found.ended_at == _at(ended_s)
        assert _commands(call) == [("hang_up", "")]
        with tenancy.scope(call.organization_id):
            ends = AuditLog.objects.filter(action="telephony.call.ended")
            assert ends.count() == 1
            assert (
                OutboxJob.objects.filter(task="recordings.store_recording").count() == 1
            )

    def test_was_answered_and_never_heard_of_again(self, cast):
        call = _live(cast)

        assert _sweep_every_ten_seconds(call, until_s=120) == 40

    def test_rang_and_was_never_answered(self, cast):
        call = ring(cast.alder)

        assert _sweep_every_ten_seconds(call, until_s=120) == 70
        assert _again(call).answered_at is None

    def test_is_not_one_that_gives_signs_of_life(self, cast):
        call = _live(cast)
        for second in range(0, 600, 5):
            standings = beat_lines(
                organization_id=call.organization_id,
                lines=[(call.id, 0)],
                now=_at(second),
            )
            assert standings == ["open"]
            end_lost_calls(organization_id=call.organization_id, now=_at(second))

        assert _again(call).status == "live"

    def test_is_not_one_that_is_being_put_through(self, cast):
        call = _live(cast)
        end_line(
            organization_id=call.organization_id,
            call_id=call.id,
            epoch=0,
            how="put_through",
            now=_at(5),
        )

        assert _sweep_every_ten_seconds(call, until_s=60) is None
        assert _sweep_every_ten_seconds(call, until_s=120) == 70

    def test_gets_no_further_sign_once_it_has_ended(self, cast):
        call = _live(cast, line_seen_at=NOW)
        end_lost_calls(organization_id=call.organization_id, now=_at(31))

        standings = beat_lines(
            organization_id=call.organization_id, lines=[(call.id, 0)], now=_at(32)
        )

        assert standings == ["gone"]
        assert _again(call).ended_at == _at(31)

    def test_of_each_clinic_is_found_by_the_sweep(self, cast, carrier):
        calls = [
            ring(clinic, call_id=f"v3:{slug}", started_at=NOW - timedelta(days=300))
            for slug, clinic in (("a", cast.alder), ("b", cast.birch))
        ]

        # Once could be the moment after an outage.
        sweep_lost_calls()
        sweep_lost_calls()
        run_all_jobs(cast)

        assert [_again(call).status for call in calls] == ["ended", "ended"]
        assert sorted(carrier.taken) == [("hang_up", "v3:a"), ("hang_up", "v3:b")]


class TestEndOfLine:
    @pytest.mark.parametrize(
        ("how", "asked"),
        [
            ("hang_up", [("hang_up", "")]),
            ("too_long", [("hang_up", "")]),
            ("put_through", [("transfer", "")]),
            ("gone", []),
            ("failed", []),
        ],
    )
    def test_asks_the_carrier_for_what_comes_next(self, cast, how, asked):
        call = _live(cast)

        for _ in range(2):
            end_line(
                organization_id=call.organization_id,
                call_id=call.id,
                epoch=0,
                how=how,
                now=_at(9),
            )

        assert _commands(call) == asked

    def test_of_a_replaced_line_asks_for_nothing(self, cast):
        call = _live(cast, line_epoch=2)

        end_line(
            organization_id=call.organization_id,
            call_id=call.id,
            epoch=1,
            how="hang_up",
            now=_at(9),
        )

        assert _commands(call) == []
        assert _again(call).line_ended_at is None

    @pytest.mark.parametrize(
        ("how", "reason"),
        [("hang_up", "agent_hung_up"), ("too_long", "too_long")],
    )
    def test_is_the_reason_of_the_calls_end(self, cast, how, reason):
        call = _live(cast)
        end_line(
            organization_id=call.organization_id,
            call_id=call.id,
            epoch=0,
            how=how,
            now=_at(9),
        )

        hang_up = event(
            "call.hangup", clinic=cast.alder, call_id=call.carrier_call_id, at_s=10
        )
        apply_event(
            organization_id=call.organization_id,
            event_id=keep(cast.alder, hang_up, received_at=NOW).id,
            now=_at(10),
        )

        assert _again(call).end_reason == reason


class TestTwoLines:
    def test_of_one_call_leave_the_newest_alone_to_speak_for_it(self, cast):
        call = _live(cast)
        first, second = (
            open_stream(token=token_for(call, now=NOW), now=_at(at)) for at in (1, 8)
        )

        standings = beat_lines(
            organization_id=call.organization_id,
            lines=[(call.id, first.epoch), (call.id, second.epoch)],
            now=_at(8),
        )

        assert (first.epoch, second.epoch) == (1, 2)
        assert standings == ["replaced", "open"]
        assert _again(call).line_seen_at == _at(8)
