from datetime import timedelta

import pytest

from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.models import OutboxJob
from telephony.models import Call, CarrierCommand
from telephony.services.end_lost_calls import end_lost_calls
from telephony.services.keep_line import beat_line, end_line
from telephony.services.mend_stream import mend_stream
from telephony.tasks import sweep_lost_calls
from tests.cast import NOW
from tests.integration.telephony.posts import run_all_jobs
from tests.integration.telephony.ringing import ring

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
            assert beat_line(
                organization_id=call.organization_id,
                call_id=call.id,
                now=_at(second),
            )
            end_lost_calls(organization_id=call.organization_id, now=_at(second))

        assert _again(call).status == "live"

    def test_is_not_one_that_is_being_put_through(self, cast):
        call = _live(cast)
        end_line(
            organization_id=call.organization_id,
            call_id=call.id,
            how="put_through",
            now=_at(5),
        )

        assert _sweep_every_ten_seconds(call, until_s=60) is None
        assert _sweep_every_ten_seconds(call, until_s=120) == 70

    def test_gets_no_further_sign_once_it_has_ended(self, cast):
        call = _live(cast, line_seen_at=NOW)
        end_lost_calls(organization_id=call.organization_id, now=_at(31))

        is_open = beat_line(
            organization_id=call.organization_id, call_id=call.id, now=_at(32)
        )

        assert not is_open
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


class TestBrokenStream:
    def _mend(self, call, times, *, apart_s=6):
        for number in range(times):
            mend_stream(
                organization_id=call.organization_id,
                call_id=call.id,
                now=_at(9 + number * apart_s),
            )

    def test_is_opened_once_again_when_one_break_is_told_twice(self, cast, carrier):
        call = _live(cast, line_seen_at=NOW)

        self._mend(call, 2, apart_s=1)
        run_all_jobs(cast)

        assert _commands(call) == [("speak", "hold"), ("start_stream", "")]

    def test_is_opened_twice_again_then_sorry_and_the_end(self, cast, carrier):
        call = _live(cast, line_seen_at=NOW)

        self._mend(call, 3)
        run_all_jobs(cast)

        assert _commands(call) == [
            ("speak", "hold"),
            ("start_stream", ""),
            ("speak", "hold"),
            ("start_stream", ""),
            ("speak", "sorry"),
            ("hang_up", ""),
        ]
        assert "9 1 1" in carrier.said[-1]
        assert len(set(carrier.urls)) == 2

    @pytest.mark.parametrize(
        "fields",
        [{"line_ended_at": NOW}, {"status": "ended", "ended_at": NOW}],
        ids=["line", "call"],
    )
    def test_is_left_alone_when_its_end_was_meant(self, cast, fields):
        call = ring(cast.alder, **{"status": "live", "answered_at": NOW} | fields)

        self._mend(call, 1)

        assert _commands(call) == []
        assert _again(call).stream_attempts == 0


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
                how=how,
                now=_at(9),
            )

        assert _commands(call) == asked
