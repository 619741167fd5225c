"""A request that is stopped between any two steps, or taken up by two workers."""

import threading

import pytest
from django.db import connection

from compliance.ledger.models import AuditLog
from compliance.rights import record
from compliance.rights.services import go_on as going_on
from compliance.rights.services import move as moving
from sondervoice.kernel import jobs, tenancy
from sondervoice.kernel.models import OutboxJob
from sondervoice.kernel.rights import RightsKind, request_concluded
from tests.cast import OMAR
from tests.integration.compliance.retention.nights import THREE, is_gone, is_whole
from tests.integration.compliance.rights.asked import actions, found, road
from tests.integration.telephony.posts import LONG, run_all_jobs
from tests.killing import KillingClock, is_killed

pytestmark = pytest.mark.django_db(transaction=True)
WHOLE = ["received", "approved", "erasing", "copies", "proved", "answered"]
PACKED = ["received", "approved", "packed", "answered"]
OURS = "compliance.rights"
# What is counted from the yes to the answer, with one call.
ERASE_STEPS = 72
ACCESS_STEPS = 28


def _killing(patch, at: int) -> KillingClock:
    """Kill at the given step of all that is done for a request."""
    clock = KillingClock(patch, at)
    # What a purge does within is tried at each of its own steps elsewhere.
    for owner, name in (
        (going_on, "go_on"),
        (going_on, "go_on_after_run"),
        (going_on, "measure_package"),
        (going_on, "move"),
        (going_on, "start_run"),
        (going_on, "conclude"),
        (moving, "write_step"),
        (moving, "ask_to_go_on"),
        (record, "moved"),
        (record, "forgotten"),
        (request_concluded, "send"),
    ):
        clock.watch(owner, name)
    # Jobs of others that follow a run are not counted.
    clock.watch(jobs, "_settle", lambda job, *_rest: job.task.startswith(OURS))
    return clock


def _let_leases_run_out(cast) -> None:
    """As a minute after a worker died: whatever it held is anybody's."""
    with tenancy.scope(cast.alder.organization.id):
        waiting = OutboxJob.objects.filter(done_at=None, failed_at=None)
        waiting.update(attempts=0, next_at=THREE - LONG)


class TestKill:
    @pytest.mark.parametrize(
        ("kind", "steps"),
        [(RightsKind.ERASE, ERASE_STEPS), (RightsKind.ACCESS, ACCESS_STEPS)],
    )
    def test_is_tried_at_every_step_there_is(
        self, cast, make_due, three, ask, say_yes, monkeypatch, kind, steps
    ):
        make_due(-90)
        say_yes(ask(kind))
        killing = _killing(monkeypatch, -1)

        run_all_jobs(cast)

        assert killing.steps == steps

    @pytest.mark.parametrize("at", range(0, ERASE_STEPS, 3))
    def test_of_an_erasing_leaves_a_road_that_goes_on(
        self, cast, make_due, three, ask, say_yes, at
    ):
        call, other = make_due(-90), make_due(-90, caller=OMAR)
        request_id = ask()
        say_yes(request_id)
        with pytest.MonkeyPatch.context() as patched:
            _killing(patched, at)
            assert is_killed(lambda: run_all_jobs(cast))

        reached = road(cast, request_id)
        assert reached == WHOLE[: len(reached)]
        assert (found(cast, request_id).concluded_at is not None) == (reached == WHOLE)
        if reached[-1] in {"copies", "proved", "answered"}:
            assert is_gone(call)

        _let_leases_run_out(cast)
        run_all_jobs(cast)

        assert road(cast, request_id) == WHOLE
        assert (is_gone(call), is_whole(other)) == (True, True)
        assert found(cast, request_id).forgotten_at == THREE
        assert _conclusions(cast) == 1

    @pytest.mark.parametrize("at", range(0, ACCESS_STEPS, 3))
    def test_of_a_packing_leaves_a_road_that_goes_on(
        self, cast, make_due, three, ask, say_yes, at
    ):
        make_due(-90)
        request_id = ask(RightsKind.ACCESS)
        say_yes(request_id)
        with pytest.MonkeyPatch.context() as patched:
            _killing(patched, at)
            assert is_killed(lambda: run_all_jobs(cast))

        reached = road(cast, request_id)
        assert reached == PACKED[: len(reached)]

        _let_leases_run_out(cast)
        run_all_jobs(cast)

        assert road(cast, request_id) == PACKED
        assert found(cast, request_id).concluded_at == THREE


def _conclusions(cast) -> int:
    with tenancy.scope(cast.alder.organization.id):
        return AuditLog.objects.filter(
            action="compliance.rights_request.forgotten"
        ).count()


class TestTwoWorkers:
    @pytest.mark.parametrize("kind", [RightsKind.ERASE, RightsKind.ACCESS])
    def test_take_each_step_once(self, cast, make_due, three, ask, say_yes, kind):
        make_due(-90)
        request_id = ask(kind)
        say_yes(request_id)
        together = threading.Barrier(2)
        failures = []

        def work():
            try:
                together.wait(timeout=20)
                for _ in range(8):
                    going_on.go_on(
                        organization_id=cast.alder.organization.id,
                        request_id=request_id,
                        now=THREE,
                    )
            except Exception as error:  # noqa: BLE001 -- shown by the assertion
                failures.append(error)
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)
        run_all_jobs(cast)

        assert failures == []
        whole = WHOLE if kind is RightsKind.ERASE else PACKED
        assert road(cast, request_id) == whole
        moved = actions(cast, "compliance.rights_request.moved")
        assert len(moved) == len(whole) - 1
