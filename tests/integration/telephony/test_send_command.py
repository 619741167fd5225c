import pytest

from sondervoice.kernel import tenancy
from sondervoice.kernel.models import OutboxJob
from telephony.models import Call, CarrierCommand
from telephony.services.ask_carrier import ask_carrier
from tests.cast import NOW
from tests.integration.telephony.posts import run_all_jobs
from tests.integration.telephony.ringing import ring

pytestmark = pytest.mark.django_db
Kind = CarrierCommand.Kind


def _ask(call, kind, **options):
    with tenancy.scope(call.organization_id):
        ask_carrier(call=call, kind=kind, now=NOW, **options)


def _effects(call):
    with tenancy.scope(call.organization_id):
        rows = CarrierCommand.objects.filter(call=call).order_by("id")
        return [(row.kind, row.step, row.effect) for row in rows]


def _status(call):
    with tenancy.scope(call.organization_id):
        found = Call.objects.get(pk=call.pk)
        return found.status, found.end_reason


def _run_again(cast):
    for clinic in (cast.alder, cast.birch):
        with tenancy.scope(clinic.organization.id):
            OutboxJob.objects.filter(done_at=None, failed_at=None).update(attempts=0)
    run_all_jobs(cast)


class TestCommand:
    def test_is_sent_once_however_often_it_is_asked_for(self, cast, carrier):
        call = ring(cast.alder)
        for _ in range(3):
            _ask(call, Kind.ANSWER)

        run_all_jobs(cast)

        assert carrier.taken == [("answer", "v3:ringing")]
        assert _effects(call) == [("answer", 0, "sent")]
        with tenancy.scope(call.organization_id):
            sent = OutboxJob.objects.filter(task="telephony.send_command")
            assert {one.purpose for one in sent} == {"reception"}

    def test_is_repeated_under_its_own_id_after_a_failure(self, cast, carrier):
        call = ring(cast.alder)
        carrier.fail("answer", "status_503", permanent=False)

        run_all_jobs(cast)
        before = _effects(call)
        _run_again(cast)

        assert before == [("answer", 0, "")]
        assert carrier.kinds == ["answer"]
        assert len(carrier.ids) == 2
        assert len(set(carrier.ids)) == 1

    def test_that_answers_and_is_refused_for_good_ends_the_call(self, cast, carrier):
        call = ring(cast.alder)
        carrier.fail("answer", "status_422", permanent=True)

        run_all_jobs(cast)
        _run_again(cast)

        assert carrier.kinds == []
        assert _status(call) == ("failed", "carrier")
        assert _effects(call) == [("answer", 0, "status_422")]

    def test_for_a_call_that_has_gone_is_let_go(self, cast, carrier):
        call = ring(cast.alder)
        carrier.fail("answer", "call_gone", permanent=True)

        run_all_jobs(cast)

        assert _effects(call) == [("answer", 0, "call_gone")]
        with tenancy.scope(call.organization_id):
            assert OutboxJob.objects.filter(done_at=None).count() == 0

    def test_for_a_call_that_has_ended_is_not_sent_but_its_end_is(self, cast, carrier):
        call = ring(cast.alder, status="ended", ended_at=NOW)
        _ask(call, Kind.START_STREAM)
        _ask(call, Kind.HANG_UP)

        run_all_jobs(cast)

        assert carrier.kinds == ["hang_up"]

    def test_for_a_stream_that_fails_lets_the_caller_hear_why(self, cast, carrier):
        call = ring(cast.alder, status="live", answered_at=NOW)
        carrier.fail("start_stream", "status_503", permanent=False)
        _ask(call, Kind.START_STREAM)

        run_all_jobs(cast)
        _run_again(cast)

        assert carrier.kinds == ["answer", "speak", "start_stream"]
        assert carrier.said == ["One moment please. The line is being set up again."]

    @pytest.mark.parametrize("kind", [Kind.START_STREAM, Kind.TRANSFER])
    def test_that_is_refused_for_good_says_sorry(self, cast, carrier, kind):
        call = ring(cast.alder, status="live", answered_at=NOW)
        carrier.fail(kind.value, "status_422", permanent=True)
        _ask(call, kind)

        run_all_jobs(cast)

        assert carrier.kinds == ["answer", "speak", "hang_up"]
        assert "call 9 1 1" in carrier.said[0]

    def test_gives_each_stream_a_token_of_its_own(self, cast, carrier):
        call = ring(cast.alder, status="live", answered_at=NOW)
        for step in range(3):
            _ask(call, Kind.START_STREAM, step=step)

        run_all_jobs(cast)

        assert len({url.rstrip("/").rpartition("/")[2] for url in carrier.urls}) == 3
