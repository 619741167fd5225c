"""A purge that is stopped between any two steps, met by another, or told to wait."""

import threading
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from compliance.backups.erasure_list import ErasureList
from compliance.keys.keys import Keys
from compliance.ledger.models import AuditLog
from compliance.retention.errors import StillThereError
from compliance.retention.models import LegalHold, RetentionBatch, RetentionRun
from compliance.retention.services import purge as purging
from compliance.retention.services.start_runs import start_runs
from recordings.objects.files import FileObjects
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.personal_data import SharesRows, holders
from sondervoice.kernel.tenancy import TenantManager
from telephony.models import CarrierEvent
from telephony.shared_calls import SharedCalls
from tests.integration.compliance.retention.nights import (
    THREE,
    counts_of,
    is_gone,
    is_whole,
    read,
    rows_with,
    run_night,
    run_of,
)
from tests.killing import KillingClock, is_killed

pytestmark = pytest.mark.django_db(transaction=True)


def _begin(cast):
    start_runs(due_at=THREE, now=THREE)
    return run_of(cast.alder.organization.id)


def _purge(cast, run):
    return purging.purge(
        organization_id=cast.alder.organization.id, run_id=run.id, now=THREE
    )


VERBS = ("due", "erase", "destroy", "remains")
# What a holder of shared rows does in each of them.
PARTS = ("erase_rows", "destroy_files", "files_left")
# What is counted in a whole run with one call that is due.
STEPS = 84


def _killing(patch, at: int) -> KillingClock:
    """Kill at the given step of all that a purge does."""
    clock = KillingClock(patch, at)
    for holder in {type(one): one for one in holders()}.values():
        own = PARTS if isinstance(holder, SharesRows) else VERBS
        for verb in ("has_due", *own):
            clock.watch(type(holder), verb)
    for verb in VERBS:
        clock.watch(SharedCalls, verb)
    clock.watch(ErasureList, "add")
    clock.watch(Keys, "destroy_call_keys")
    clock.watch(FileObjects, "delete")
    clock.watch(TenantManager, "create")
    clock.watch(TenantManager, "bulk_create")
    clock.watch(audit, "record")
    return clock


def _half_gone(call) -> list[str]:
    """Return kinds that are marked as gone and are not, or the other way round."""
    again = read(call)
    with tenancy.scope(call.organization_id):
        there = {
            "transcript": again.utterances.exists(),
            "fields": again.messages.exists() or again.caller_name_sealed is not None,
            "metadata": bool(again.caller_sealed) or bool(again.caller_index),
            "audio": again.recording.status != "erased",
        }
    return [
        kind
        for kind, is_there in there.items()
        if is_there == (getattr(again, f"{kind}_erased_at") is not None)
    ]


class TestKill:
    def test_is_tried_at_every_step_there_is(self, cast, make_due, three, monkeypatch):
        make_due(0)
        run = _begin(cast)
        killing = _killing(monkeypatch, -1)

        _purge(cast, run)

        assert killing.steps == STEPS

    # Before one thing is after the last: every third is every second thing, before it
    # or after it by turns.
    @pytest.mark.parametrize("at", range(0, STEPS, 3))
    def test_leaves_nothing_half_gone_and_the_next_one_ends_it(
        self, cast, make_due, three, at
    ):
        call, other = make_due(0), make_due(-1)
        run = _begin(cast)
        with pytest.MonkeyPatch.context() as patched:
            _killing(patched, at)
            assert is_killed(lambda: _purge(cast, run))

        assert _half_gone(call) == []
        if (receipt := run_of(call.organization_id)).finished_at is not None:
            assert is_gone(call)

        for _ in range(2):
            _purge(cast, run)

        receipt = run_of(call.organization_id)
        assert (is_gone(call), is_whole(other)) == (True, True)
        assert (counts_of(receipt), receipt.finished_at) == ((1, 1, 1, 1), THREE)
        assert _finished_audits(cast) == 1


def _finished_audits(cast) -> int:
    with tenancy.scope(cast.alder.organization.id):
        return AuditLog.objects.filter(action="compliance.purge.finished").count()


class TestTwoWorkers:
    def test_share_the_work_and_count_it_once(self, cast, make_due, three, monkeypatch):
        monkeypatch.setattr(purging, "ROWS_A_BATCH", 1)
        calls = [make_due(days) for days in range(6)]
        run = _begin(cast)
        together = threading.Barrier(2)
        failures = []

        def work():
            try:
                together.wait(timeout=20)
                while _purge(cast, run) is not purging.Progress.FINISHED:
                    pass
            except Exception as error:  # noqa: BLE001 -- shown by the assertion
                failures.append(error)
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)

        assert failures == []
        assert [is_gone(call) for call in calls] == [True] * 6
        receipt = run_of(cast.alder.organization.id)
        assert (counts_of(receipt), receipt.finished_at) == ((6, 6, 6, 6), THREE)
        assert _finished_audits(cast) == 1


def _hold(cast, **scope):
    with tenancy.scope(cast.alder.organization.id):
        return LegalHold.objects.create(
            organization_id=cast.alder.organization.id,
            reason_sealed=b"sealed",
            review_on=THREE.date(),
            placed_at=THREE,
            placed_by=cast.ada.id,
            **scope,
        )


class TestHold:
    def test_keeps_one_call_and_lets_the_next_go(self, cast, make_due, three):
        held, free = make_due(0), make_due(0)
        _hold(cast, scope="call", call_id=held.id)

        run_night(cast)

        assert (is_whole(held), is_gone(free)) == (True, True)
        assert run_of(cast.alder.organization.id).finished_at == THREE

    def test_keeps_every_call_of_a_number(self, cast, make_due, three):
        held, free = make_due(0), make_due(0, caller="+13125550171")
        _hold(cast, scope="caller", caller_index=bytes(held.caller_index))

        run_night(cast)

        assert (is_whole(held), is_gone(free)) == (True, True)

    def test_keeps_the_calls_of_its_days(self, cast, make_due, three):
        before, first, after = make_due(2), make_due(1), make_due(0)
        _hold(cast, scope="period", since=first.started_at, until=after.started_at)

        run_night(cast)

        assert [is_gone(before), is_whole(first), is_gone(after)] == [True] * 3

    def test_keeps_everything(self, cast, make_due, three):
        calls = [make_due(0), make_due(400)]
        _hold(cast, scope="all")

        run_night(cast)

        assert [is_whole(call) for call in calls] == [True, True]

    def test_lets_go_the_night_after_it_is_released(self, cast, make_due, three):
        call = make_due(0)
        hold = _hold(cast, scope="all")
        run_night(cast)
        with tenancy.scope(cast.alder.organization.id):
            LegalHold.objects.filter(pk=hold.pk).update(released_at=THREE)

        three.move(days=1)
        run_night(cast)

        assert is_gone(call)

    def test_placed_meanwhile_keeps_whole_what_has_not_gone(
        self, cast, make_due, three, monkeypatch
    ):
        monkeypatch.setattr(purging, "ROWS_A_BATCH", 1)
        monkeypatch.setattr(purging, "BATCHES_A_JOB", 1)
        older, newer = make_due(1), make_due(0)
        run = _begin(cast)
        assert _purge(cast, run) is purging.Progress.MORE

        _hold(cast, scope="all")

        assert _purge(cast, run) is purging.Progress.FINISHED
        assert is_whole(newer)
        assert is_gone(older)

    def test_placed_between_two_days_keeps_what_is_due_on_the_second(
        self, cast, make_due, three
    ):
        later = THREE + timedelta(hours=20)
        call = make_due(0, fields_erase_after=later, metadata_erase_after=later)
        run_night(cast)

        _hold(cast, scope="call", call_id=call.id)
        three.move(days=1)
        run_night(cast)

        again = read(call)
        assert (again.audio_erased_at, again.transcript_erased_at) == (THREE, THREE)
        assert (again.fields_erased_at, again.metadata_erased_at) == (None, None)
        assert _half_gone(call) == []


class TestCanary:
    def test_is_in_every_column_before_and_in_none_after(self, cast, make_due, three):
        call = make_due(0)
        clinic = call.organization_id
        index = bytes(call.caller_index)
        sealed = bytes(call.caller_sealed)
        name = bytes(call.caller_name_sealed)
        carrier = call.carrier_call_id.encode()
        with tenancy.scope(clinic):
            words = bytes(call.utterances.last().text_sealed)
            part = bytes(call.utterances.first().heard_sealed)
            message = call.messages.get()
            left = [
                bytes(getattr(message, f"{one}_sealed"))
                for one in ("text", "name", "phone")
            ]
        canaries = [index, sealed, name, carrier, words, part, *left]
        assert [bool(rows_with(clinic, canary)) for canary in canaries] == [True] * 9

        run_night(cast)

        assert [rows_with(clinic, canary) for canary in canaries] == [[]] * 9


class TestLockedRow:
    def test_keeps_the_run_open_until_it_can_be_had(self, cast, make_due, three):
        call = make_due(0)
        run = _begin(cast)
        with psycopg.connect(**_address()) as other:
            other.execute(
                "SELECT set_config('app.organization_id', %s, true)",
                [str(call.organization_id)],
            )
            other.execute(
                "SELECT 1 FROM telephony_call WHERE id = %s FOR UPDATE", [call.id]
            )
            assert _purge(cast, run) is purging.Progress.WAITS
            assert is_whole(call)

        assert _purge(cast, run) is purging.Progress.FINISHED
        assert is_gone(call)


def _address() -> dict[str, object]:
    given = connection.get_connection_params()
    wanted = {"host", "port", "dbname", "user", "password"}
    return {name: value for name, value in given.items() if name in wanted}


class TestStrays:
    def test_go_after_a_day_and_others_stay(self, cast, make_due, three):
        with tenancy.scope(cast.alder.organization.id):
            kept = make_due(-1)
            for number, (days, call_id) in enumerate(
                [(2, "nobody's"), (1, "nobody's too"), (90, kept.carrier_call_id)]
            ):
                CarrierEvent.objects.create(
                    organization_id=cast.alder.organization.id,
                    carrier="telnyx",
                    carrier_event_id=f"event {number}",
                    carrier_call_id=call_id,
                    event_type="call.initiated",
                    occurred_at=THREE - timedelta(days=days),
                    received_at=THREE - timedelta(days=days),
                    payload_sealed=b"sealed",
                )

        run_night(cast)

        with tenancy.scope(cast.alder.organization.id):
            left = CarrierEvent.objects.order_by("carrier_event_id")
            assert [one.carrier_event_id for one in left] == ["event 1", "event 2"]

    def test_of_an_erased_call_go_with_it(self, cast, make_due, three):
        call = make_due(0)
        with tenancy.scope(cast.alder.organization.id):
            CarrierEvent.objects.create(
                organization_id=cast.alder.organization.id,
                carrier="telnyx",
                carrier_event_id="event",
                carrier_call_id=call.carrier_call_id,
                event_type="call.initiated",
                occurred_at=THREE,
                received_at=THREE,
                payload_sealed=b"sealed",
            )

        run_night(cast)

        with tenancy.scope(cast.alder.organization.id):
            assert CarrierEvent.objects.count() == 0


class TestBatches:
    def test_are_bounded_and_go_on_in_another_job(
        self, cast, make_due, three, monkeypatch
    ):
        monkeypatch.setattr(purging, "ROWS_A_BATCH", 2)
        monkeypatch.setattr(purging, "BATCHES_A_JOB", 1)
        calls = [make_due(days) for days in range(5)]

        run_night(cast)

        assert [is_gone(call) for call in calls] == [True] * 5
        with tenancy.scope(cast.alder.organization.id):
            assert RetentionRun.objects.get().finished_at == THREE
            assert RetentionBatch.objects.count() == 12

    def test_that_a_storage_holds_up_leave_no_receipt(
        self, cast, make_due, three, monkeypatch
    ):
        call = make_due(0)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(FileObjects, "delete", _is_down)
            run = _begin(cast)
            with pytest.raises(StillThereError):
                _purge(cast, run)
            run = run_of(call.organization_id)
            assert run.finished_at is None
            assert counts_of(run) == (1, 1, 1, 1)

        _purge(cast, run)

        assert is_gone(call)
        assert run_of(call.organization_id).finished_at == THREE


def _is_down(*_args):
    raise OSError("down")
