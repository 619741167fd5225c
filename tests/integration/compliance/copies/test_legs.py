"""Which copies are asked for, and when; and interruptions of it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from compliance.copies.models import CopyRun, ErasureLeg
from compliance.copies.services.erase_copy import erase_copy
from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from compliance.retention.services import purge as purging
from compliance.retention.services.start_runs import start_runs
from sondervoice.kernel import tenancy
from sondervoice.kernel.events import DomainEvent
from sondervoice.kernel.ids import uuid7
from telephony.models import CarrierEvent
from tests.fakes.processor import ScriptedProcessor
from tests.integration.compliance.copies.legs import (
    begin_night,
    copies_of,
    finish_jobs,
    leg_of,
    legs_of,
    try_copies,
)
from tests.integration.compliance.retention.nights import THREE, is_whole, run_of

pytestmark = pytest.mark.django_db(transaction=True)


class TestLegs:
    def test_are_one_a_call_though_its_sound_and_number_both_go(
        self, make_due, three, telnyx
    ):
        calls = [make_due(0), make_due(1)]

        begin_night()

        assert [len(legs_of(call)) for call in calls] == [1, 1]
        with tenancy.scope(calls[0].organization_id):
            assert ErasureLeg.objects.count() == 2

    def test_are_made_at_the_earlier_date_and_not_again(self, make_due, three, telnyx):
        call = make_due(0, metadata_erase_after=THREE + timedelta(hours=20))
        begin_night()
        try_copies()
        assert leg_of(call).state == "gone"

        three.move(days=1)
        begin_night()

        assert len(legs_of(call)) == 1
        assert telnyx.asked == [f"leg:{call.carrier_call_id}"]

    def test_that_still_wait_keep_a_later_run_waiting_too(
        self, make_due, three, telnyx
    ):
        call = make_due(0, metadata_erase_after=THREE + timedelta(hours=20))
        begin_night()
        three.move(days=1)
        begin_night()

        runs = {run_of(call.organization_id, at).id for at in (THREE, three.at)}
        assert {leg.run_id for leg in legs_of(call)} == runs
        assert [leg.state for leg in legs_of(call)] == ["waiting", "waiting"]

    def test_of_what_is_kept_are_not_made(self, make_due, three, telnyx):
        call = make_due(-1)

        begin_night()

        assert is_whole(call)
        assert legs_of(call) == []

    def test_ask_for_all_legs_of_the_carriers_session(self, make_due, three, telnyx):
        call = make_due(0)
        event_id = uuid7()
        with tenancy.scope(call.organization_id):
            place = Place(
                call.organization_id,
                "telephony_carrierevent",
                "payload_sealed",
                event_id,
            )
            CarrierEvent.objects.create(
                id=event_id,
                organization_id=call.organization_id,
                carrier="telnyx",
                carrier_event_id="event",
                carrier_call_id=call.carrier_call_id,
                event_type="call.initiated",
                occurred_at=THREE,
                received_at=THREE,
                payload_sealed=keys().seal_field(
                    '{"call_session_id": "428c31b6"}', place, now=THREE
                ),
            )

        begin_night()
        try_copies()

        assert telnyx.asked == ["session:428c31b6"]

    def test_are_not_there_when_the_batch_was_not_kept(
        self, make_due, three, telnyx, monkeypatch
    ):
        call = make_due(0)
        monkeypatch.setattr(purging, "_record", _fails)
        start_runs(due_at=THREE, now=THREE)
        run = run_of(call.organization_id)

        with pytest.raises(RuntimeError):
            purging.purge(
                organization_id=call.organization_id, run_id=run.id, now=THREE
            )

        assert is_whole(call)
        assert legs_of(call) == []

    def test_are_waited_for_before_a_run_is_said_to_be_settled(
        self, make_due, three, telnyx, told
    ):
        calls = [make_due(0), make_due(0)]
        begin_night()
        # The other clinic had nothing to erase.
        assert told == ["run_settled", "copies_gone"]
        told.clear()

        try_copies()
        assert (told, copies_of(calls[0]).settled_at) == ([], None)
        try_copies()

        assert told == ["run_settled", "copies_gone"]
        assert copies_of(calls[0]).settled_at == THREE


def _fails(*_args):
    raise RuntimeError


class KilledError(BaseException):
    """Not an `Exception`: nothing on the way out may tidy up after it."""


# What `Killer` counts while one leg that found a copy is tried.
STEPS = 12


class Killer:
    """Kills at the given step of one try, counted from 0."""

    def __init__(self, monkeypatch, at: int) -> None:
        self.steps, self._at = 0, at
        for owner, name in (
            (ScriptedProcessor, "erase"),
            (ScriptedProcessor, "is_gone"),
            (ErasureLeg, "save"),
            (CopyRun, "save"),
            (DomainEvent, "send"),
        ):
            self._watch(monkeypatch, owner, name)

    def _watch(self, monkeypatch, owner, name: str) -> None:
        real = getattr(owner, name)

        def watched(*args, **options):
            self._step()
            answer = real(*args, **options)
            self._step()
            return answer

        monkeypatch.setattr(owner, name, watched)

    def _step(self) -> None:
        self.steps += 1
        if self.steps - 1 == self._at:
            raise KilledError


@pytest.fixture
def waiting(make_due, three, telnyx, told):
    """A leg that waits, and its call."""
    call = make_due(0)
    telnyx.kept[f"leg:{call.carrier_call_id}"] = 1
    begin_night()
    told.clear()
    return call, leg_of(call)


def _try(call, leg) -> None:
    erase_copy(organization_id=call.organization_id, leg_id=leg.id, now=THREE)


class TestKill:
    def test_is_tried_at_every_step_there_is(self, waiting, monkeypatch):
        killer = Killer(monkeypatch, -1)

        _try(*waiting)

        assert killer.steps == STEPS

    @pytest.mark.parametrize("at", range(STEPS))
    def test_says_nothing_too_early_and_the_next_try_ends_it(
        self, waiting, telnyx, told, at
    ):
        call, leg = waiting
        with pytest.MonkeyPatch.context() as patched:
            killer = Killer(patched, at)
            with pytest.raises(KilledError):
                _try(call, leg)
            assert killer.steps == at + 1
        if leg_of(call).state == "gone":
            assert telnyx.kept == {}

        for _ in range(2):
            _try(call, leg)
        finish_jobs()

        assert (leg_of(call).state, telnyx.kept) == ("gone", {})
        assert told == ["run_settled", "copies_gone"]


class TestTwoWorkers:
    def test_that_try_one_leg_say_once_that_it_is_gone(self, waiting, told):
        call, leg = waiting
        together, failures = threading.Barrier(2), []

        def work():
            try:
                together.wait(timeout=20)
                _try(call, leg)
            except Exception as error:  # noqa: BLE001 -- shown by the assertion
                failures.append(error)
            finally:
                connection.close()

        _both(work)
        finish_jobs()

        again = leg_of(call)
        assert failures == []
        assert (again.state, again.attempts) == ("gone", 1)
        assert told == ["run_settled", "copies_gone"]

    def test_that_end_the_last_two_legs_say_once_that_it_is_settled(
        self, make_due, three, telnyx, told
    ):
        calls = [make_due(0), make_due(0)]
        begin_night()
        told.clear()
        together, failures, left = threading.Barrier(2), [], list(calls)

        def work():
            call = left.pop()
            try:
                together.wait(timeout=20)
                _try(call, leg_of(call))
            except Exception as error:  # noqa: BLE001 -- shown by the assertion
                failures.append(error)
            finally:
                connection.close()

        _both(work)
        finish_jobs()

        assert failures == []
        assert told == ["run_settled", "copies_gone"]


def _both(work) -> None:
    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
