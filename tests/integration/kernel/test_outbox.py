from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections, transaction

from compliance.ledger.models import AuditLog
from sondervoice.kernel import jobs, tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.errors import VendorError
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.jobs import (
    MOST_ATTEMPTS,
    UnknownJobError,
    after_commit,
    job,
    run_slow,
    run_waiting,
)
from sondervoice.kernel.models import OutboxJob
from tests.cast import make_cast

NAME = "tests.toy_job"


class CrashError(Exception):
    pass


@pytest.fixture
def clinic(transactional_db):
    return make_cast().alder.organization.id


@pytest.fixture
def toy(monkeypatch):
    monkeypatch.setattr(jobs, "_registry", dict(jobs._registry))
    asked, errors = [], []

    @job(NAME)
    def work(*, organization_id, thing_id):
        asked.append((organization_id, thing_id))
        if errors:
            raise errors.pop(0)

    return asked, errors


def _ask(clinic, **options):
    thing_id = uuid7()
    with tenancy.scope(clinic):
        after_commit(
            NAME, organization_id=clinic, ids={"thing_id": thing_id}, **options
        )
    return thing_id


def _row(clinic):
    with tenancy.scope(clinic):
        return OutboxJob.objects.get()


def _make_due(clinic):
    with tenancy.scope(clinic):
        OutboxJob.objects.update(next_at=utc_now() - timedelta(seconds=1))


def _said(caplog) -> list[tuple[str, str, str]]:
    lines = [one for one in caplog.records if one.levelname == "CRITICAL"]
    return [(one.getMessage(), one.job, one.id) for one in lines]


def _rows_of_failures(organization_id) -> list[tuple]:
    """Return what the record says of jobs that failed since the test began."""
    in_scope = tenancy.scope(organization_id) if organization_id else nullcontext()
    with in_scope:
        rows = AuditLog.unscoped.filter(
            organization_id=organization_id, action="kernel.job.failed", fields=[NAME]
        )
        return [(one.actor_kind, one.subject_id, one.fields, one.facts) for one in rows]


class TestJob:
    def test_runs_once_its_transaction_is_kept(self, clinic, toy):
        asked, _ = toy
        thing_id = _ask(clinic)

        assert run_waiting() == 1
        assert run_waiting() == 0
        assert asked == [(clinic, thing_id)]
        assert _row(clinic).done_at is not None

    def test_is_not_there_when_its_transaction_was_not_kept(self, clinic, toy):
        with transaction.atomic():
            _ask(clinic)
            transaction.set_rollback(True)

        assert run_waiting() == 0
        assert toy[0] == []

    def test_waits_for_its_time(self, clinic, toy):
        _ask(clinic, delay_s=60)

        assert run_waiting() == 0

        _make_due(clinic)
        assert run_waiting() == 1

    def test_that_crashes_is_run_again_until_it_is_done(self, clinic, toy):
        asked, errors = toy
        errors.extend([CrashError(), CrashError()])
        _ask(clinic)

        for _ in range(4):
            run_waiting()
            _make_due(clinic)

        row = _row(clinic)
        assert len(asked) == 3
        assert (row.attempts, row.failure_code) == (3, "CrashError")
        assert row.done_at is not None

    def test_that_fails_waits_longer_each_time(self, clinic, toy):
        toy[1].extend([CrashError()] * 3)
        _ask(clinic)
        waits = []

        for _ in range(3):
            began = utc_now()
            run_waiting()
            waits.append((_row(clinic).next_at - began).total_seconds())
            _make_due(clinic)

        for wait_s, most_s in zip(waits, (2, 4, 8), strict=True):
            assert most_s / 2 <= wait_s <= most_s + 0.5

    def test_whose_worker_was_killed_is_run_by_another_when_the_lease_ends(
        self, clinic, toy
    ):
        _ask(clinic)
        claimed = jobs._claim()

        assert claimed is not None
        assert run_waiting() == 0
        _make_due(clinic)
        assert run_waiting() == 1
        assert _row(clinic).attempts == 2

    def test_that_a_vendor_will_never_do_fails_at_once(self, clinic, toy):
        toy[1].append(VendorError("v", category="status_401", permanent=True))
        _ask(clinic)

        run_waiting()
        _make_due(clinic)

        assert run_waiting() == 0
        row = _row(clinic)
        assert row.failed_at is not None
        assert (row.attempts, row.failure_code) == (1, "vendor")

    def test_that_a_vendor_may_do_later_is_run_again(self, clinic, toy):
        toy[1].append(VendorError("v", category="status_500", permanent=False))
        _ask(clinic)

        run_waiting()
        _make_due(clinic)

        assert run_waiting() == 1
        assert _row(clinic).done_at is not None

    @pytest.mark.parametrize(("asked_s", "waited_s"), [(7.0, 7), (4_000.0, 300)])
    def test_waits_as_long_as_the_vendor_says(self, clinic, toy, asked_s, waited_s):
        _, errors = toy
        errors.append(
            VendorError(
                "telnyx", category="status_429", permanent=False, retry_after_s=asked_s
            )
        )
        _ask(clinic)
        before = utc_now()

        run_waiting()

        wait_s = (_row(clinic).next_at - before).total_seconds()
        assert waited_s <= wait_s < waited_s + 2

    def test_that_never_works_fails_in_the_end(self, clinic, toy):
        toy[1].extend([CrashError()] * (MOST_ATTEMPTS + 5))
        _ask(clinic)

        for _ in range(MOST_ATTEMPTS + 3):
            run_waiting()
            _make_due(clinic)

        assert len(toy[0]) == MOST_ATTEMPTS
        assert _row(clinic).failed_at is not None

    @pytest.mark.parametrize("org", ["alder", None])
    def test_that_fails_for_good_is_said_and_written_down(
        self, clinic, toy, caplog, org
    ):
        organization_id = clinic if org else None
        toy[1].extend([CrashError()] * MOST_ATTEMPTS)
        with tenancy.scope(clinic) if org else transaction.atomic():
            after_commit(
                NAME, organization_id=organization_id, ids={"thing_id": uuid7()}
            )
            OutboxJob.objects.update(attempts=MOST_ATTEMPTS - 2)

        run_waiting()
        assert (_said(caplog), _rows_of_failures(organization_id)) == ([], [])
        with tenancy.scope(clinic) if org else transaction.atomic():
            OutboxJob.objects.update(next_at=utc_now() - timedelta(seconds=1))
        run_waiting()

        with tenancy.scope(clinic) if org else transaction.atomic():
            row = OutboxJob.objects.get()
        assert row.failed_at is not None
        assert _said(caplog) == [("job failed for good", NAME, str(row.id))]
        assert _rows_of_failures(organization_id) == [
            ("system", row.id, [NAME], {"attempts": MOST_ATTEMPTS})
        ]

    def test_that_fails_holds_up_no_other(self, clinic, toy):
        toy[1].append(CrashError())
        _ask(clinic)
        second = _ask(clinic)

        assert run_waiting() == 2
        assert toy[0][-1] == (clinic, second)

    def test_leaves_the_text_of_its_error_in_no_log(self, clinic, toy, caplog, capsys):
        toy[1].append(CrashError("Hannah Brandt"))
        _ask(clinic)

        run_waiting()

        assert "job failed" in caplog.text
        assert _row(clinic).failure_code == "CrashError"
        assert "Hannah" not in capsys.readouterr().err


class TestUnknownJob:
    @pytest.mark.parametrize(
        ("name", "ids"),
        [
            ("tests.nobody", ["thing_id"]),
            (NAME, []),
            (NAME, ["other_id"]),
            (NAME, ["thing_id", "other_id"]),
        ],
    )
    def test_is_refused_when_it_is_asked_for(self, clinic, toy, name, ids):
        with pytest.raises(UnknownJobError), tenancy.scope(clinic):
            after_commit(
                name, organization_id=clinic, ids={word: uuid7() for word in ids}
            )

        with tenancy.scope(clinic):
            assert OutboxJob.objects.count() == 0

    def test_that_a_newer_version_wrote_is_kept_for_it(self, clinic, toy):
        _ask(clinic)
        with tenancy.scope(clinic):
            OutboxJob.objects.update(task="tests.of_tomorrow")

        run_waiting()

        row = _row(clinic)
        assert (row.done_at, row.failed_at) == (None, None)
        assert row.failure_code == "UnknownJobError"


class TestClaim:
    def test_gives_each_job_to_one_of_many_workers(self, clinic, toy):
        asked, _ = toy
        wanted = {_ask(clinic) for _ in range(40)}
        together = Barrier(8)

        def work(_):
            together.wait(20)
            try:
                return run_waiting()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as workers:
            ran = list(workers.map(work, range(8)))

        assert sum(ran) == 40
        assert len(asked) == 40
        assert {thing_id for _, thing_id in asked} == wanted

    def test_shows_no_row_outside_its_clinic(self, clinic, toy):
        _ask(clinic)

        assert OutboxJob.objects.count() == 0


class TestSlowQueue:
    @pytest.fixture
    def slow(self, monkeypatch, clinic):
        """Asks for so many jobs of the slow queue; returns those that were run."""
        monkeypatch.setattr(jobs, "_registry", dict(jobs._registry))
        ran, error = [], []

        @job("tests.slow", gives_up=False, is_slow=True, longest_wait_s=7_200)
        def work(*, organization_id, thing_id):
            ran.append(thing_id)
            if error:
                raise error[0]

        def ask(count):
            with tenancy.scope(clinic):
                for _ in range(count):
                    after_commit(
                        "tests.slow",
                        organization_id=clinic,
                        ids={"thing_id": uuid7()},
                    )
            return ran, error

        return ask

    def test_keeps_nobody_else_waiting(self, clinic, toy, slow):
        ran, _ = slow(30)
        _ask(clinic)

        assert run_waiting() == 1
        assert (len(toy[0]), ran) == (1, [])

    def test_is_run_some_at_a_time(self, slow):
        ran, _ = slow(30)

        assert run_slow() == 20
        assert run_slow() == 10
        assert run_slow() == 0
        assert len(set(ran)) == 30

    def test_begins_none_when_its_seconds_are_over(self, slow):
        ran, _ = slow(3)

        assert run_slow(seconds=0) == 0
        assert ran == []

    def test_waits_as_long_as_a_vendor_says_up_to_its_own_limit(self, clinic, slow):
        _, error = slow(1)
        waits = []
        for asked_s in (600, 90_000):
            error[:] = [
                VendorError("v", category="x", permanent=False, retry_after_s=asked_s)
            ]
            began = utc_now()
            _make_due(clinic)
            assert run_slow() == 1
            waits.append(round((_row(clinic).next_at - began).total_seconds(), -1))

        assert waits == [600, 7_200]
