"""Runs that somebody decided: their selection, their order, and what they wait for."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from compliance.keys.keys import keys
from compliance.retention.models import LegalHold, RetentionRun
from compliance.retention.selections import register_kind
from compliance.retention.services import purge as purging
from compliance.retention.services.start_runs import start_run
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.jobs import run_waiting
from sondervoice.kernel.personal_data import Everything, OfCall, OfCaller, Selection
from telephony.models import Call
from telephony.scheduling.models import Appointment
from telephony.scheduling.sealed import patient_name
from tests.cast_calls import make_appointment
from tests.integration.compliance.retention.nights import (
    THREE,
    counts_of,
    is_gone,
    is_whole,
)
from tests.integration.telephony.posts import run_all_jobs

DAY = timedelta(days=1)
_EARLIER = THREE - timedelta(days=2)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def begin(cast, three):
    """Begins a run of a kind of the test's own that erases this selection."""

    def begin(selection: Selection) -> UUID:
        register_kind("test", lambda _: selection)
        with tenancy.scope(cast.alder.organization.id):
            run = start_run(
                organization_id=cast.alder.organization.id,
                kind="test",
                cause_id=uuid7(),
                now=THREE,
            )
        return run.id

    return begin


def _has_key(cast, appointment: Appointment) -> bool:
    return keys().has_row_key(
        organization_id=cast.alder.organization.id, row_id=appointment.id
    )


def _run(run_id: UUID, call: Call) -> RetentionRun:
    with tenancy.scope(call.organization_id):
        return RetentionRun.objects.get(pk=run_id)


def _hold(cast, **scope) -> None:
    with tenancy.scope(cast.alder.organization.id):
        LegalHold.objects.create(
            organization_id=cast.alder.organization.id,
            reason_sealed=b"x",
            review_on=THREE.date() + timedelta(days=90),
            placed_at=THREE,
            placed_by=uuid7(),
            **scope,
        )


def _of(call: Call) -> OfCaller:
    return OfCaller(bytes(call.caller_index), before=THREE)


class TestRunOfACaller:
    def test_erases_all_calls_of_the_number_long_before_their_time(
        self, cast, make_due, begin
    ):
        theirs = [make_due(-90), make_due(-20)]
        others = make_due(-90, caller="+13125550187")

        run_id = begin(_of(theirs[0]))
        run_all_jobs(cast)

        assert [is_gone(call) for call in theirs] == [True, True]
        assert is_whole(others)
        run = _run(run_id, others)
        assert run.finished_at == THREE
        assert counts_of(run) == (2, 2, 2, 2)

    def test_erases_their_visits_and_the_keys_of_those(self, cast, make_due, begin):
        call = make_due(-90)
        at, keys_of = THREE + timedelta(days=30), partial(_has_key, cast)
        with tenancy.scope(call.organization_id):
            booked = make_appointment(
                cast.alder, starts_at=at, name="Canary", call=call, booked_at=_EARLIER
            )
            by_number = make_appointment(
                cast.alder, starts_at=at + DAY, name="Canary", booked_at=_EARLIER
            )
            others = make_appointment(
                cast.alder,
                starts_at=at + 2 * DAY,
                name="Gil",
                phone="+13125550187",
                booked_at=_EARLIER,
            )
        assert [keys_of(one) for one in (booked, by_number, others)] == [True] * 3

        begin(_of(call))
        run_all_jobs(cast)

        assert [keys_of(one) for one in (booked, by_number, others)] == [
            False,
            False,
            True,
        ]
        with tenancy.scope(call.organization_id):
            names = [
                patient_name(Appointment.objects.get(pk=one.pk))
                for one in (booked, by_number, others)
            ]
        assert names == ["", "", "Gil"]

    def test_leaves_a_call_that_came_after_it_was_decided(self, cast, make_due, begin):
        call, later = make_due(-90), make_due(-200)
        assert later.started_at > THREE

        begin(_of(call))
        run_all_jobs(cast)

        assert is_gone(call)
        assert is_whole(later)

    def test_is_not_finished_until_a_call_that_goes_on_has_ended(
        self, cast, make_due, begin
    ):
        old, live = make_due(-90), make_due(-100)
        with tenancy.scope(live.organization_id):
            ended_at = live.ended_at
            Call.objects.filter(pk=live.id).update(status="live", ended_at=None)
        run_id = begin(_of(old))

        # Each leaves a job that waits for the call's end.
        assert run_waiting(at_most=3) == 3

        assert (is_gone(old), is_whole(live)) == (True, True)
        assert _run(run_id, live).finished_at is None

        with tenancy.scope(live.organization_id):
            Call.objects.filter(pk=live.id).update(status="ended", ended_at=ended_at)
        run_all_jobs(cast)

        assert [is_gone(old), is_gone(live)] == [True, True]
        assert _run(run_id, live).finished_at is not None

    def test_finishes_and_leaves_what_is_held(self, cast, make_due, begin):
        held, free = make_due(-90), make_due(-20)
        _hold(cast, scope="call", call_id=held.id)

        run_id = begin(_of(held))
        run_all_jobs(cast)

        assert is_whole(held)
        assert is_gone(free)
        assert _run(run_id, held).finished_at == THREE

    @pytest.mark.parametrize("wanted", [_of, lambda _: Everything()])
    def test_keeps_whole_what_has_not_gone_when_a_hold_is_placed_meanwhile(
        self, cast, make_due, begin, monkeypatch, wanted
    ):
        monkeypatch.setattr(purging, "ROWS_A_BATCH", 1)
        monkeypatch.setattr(purging, "BATCHES_A_JOB", 1)
        older, newer = make_due(-20), make_due(-90)
        purge = partial(
            purging.purge,
            organization_id=older.organization_id,
            run_id=begin(wanted(older)),
            now=THREE,
        )
        assert purge() is purging.Progress.MORE

        _hold(cast, scope="all")

        assert purge() is purging.Progress.FINISHED
        assert (is_gone(older), is_whole(newer)) == (True, True)


class TestRunOfACall:
    def test_erases_it_alone(self, cast, make_due, begin):
        call, other = make_due(-90), make_due(-90)

        begin(OfCall(call.id))
        run_all_jobs(cast)

        assert is_gone(call)
        assert is_whole(other)


class TestRunOfEverything:
    def test_erases_all_of_one_clinic(self, cast, make_due, begin):
        calls = [make_due(-90), make_due(5), make_due(-20, caller="+13125550187")]

        begin(Everything())
        run_all_jobs(cast)

        assert [is_gone(call) for call in calls] == [True, True, True]


class TestStartRun:
    def test_makes_one_for_a_cause(self, cast, begin):
        organization_id, cause_id = cast.alder.organization.id, uuid7()
        register_kind("test", lambda _: Everything())

        with tenancy.scope(organization_id):
            first, second = (
                start_run(
                    organization_id=organization_id,
                    kind="test",
                    cause_id=cause_id,
                    now=THREE + timedelta(seconds=later),
                )
                for later in (0, 60)
            )

            assert (first.id, first.due_at) == (second.id, second.due_at)
            assert RetentionRun.objects.count() == 1

    def test_is_refused_by_the_database_without_its_cause(self, cast):
        organization_id = cast.alder.organization.id
        with (
            tenancy.scope(organization_id),
            pytest.raises(IntegrityError, match="retention_run_has_its_cause"),
            transaction.atomic(),
        ):
            RetentionRun.objects.create(
                organization_id=organization_id,
                kind="test",
                due_at=THREE,
                started_at=THREE,
            )
