"""A night in which the storage of recordings does not answer."""

from collections.abc import Callable, Iterator

import pytest

from compliance.retention.errors import StillThereError
from compliance.retention.models import RetentionBatch
from compliance.retention.services.purge import purge
from compliance.retention.services.start_runs import start_runs
from sondervoice.kernel import tenancy
from telephony.models import Call
from tests.cast import Cast
from tests.clock import StoppedClock
from tests.fakes.s3 import S3, s3
from tests.fakes.s3.client import (
    VIRGINIA,
    bring_trouble,
    left_in,
    make_bucket,
    use_buckets,
)
from tests.integration.compliance.retention.nights import (
    THREE,
    counts_of,
    is_gone,
    is_whole,
    run_of,
)


@pytest.fixture
def service(settings, monkeypatch) -> Iterator[S3]:
    with s3() as running:
        make_bucket(running, VIRGINIA, versions="Enabled")
        use_buckets(settings, monkeypatch, running, VIRGINIA)
        yield running


@pytest.mark.parametrize("trouble", ["500", "503", "never"])
class TestNight:
    def test_is_not_finished_until_the_objects_are_gone(
        self,
        cast: Cast,
        service: S3,
        make_due: Callable[..., Call],
        three: StoppedClock,
        settings,
        monkeypatch,
        trouble: str,
    ):
        calls = [make_due(days) for days in range(2)]
        later = make_due(-1)
        assert [is_whole(call) for call in calls] == [True, True]
        bring_trouble(trouble, settings, monkeypatch, service, VIRGINIA)
        start_runs(due_at=THREE, now=THREE)
        run = run_of(calls[0].organization_id)

        with pytest.raises(StillThereError):
            purge(organization_id=run.organization_id, run_id=run.id, now=THREE)

        run = run_of(calls[0].organization_id)
        assert run.finished_at is None
        assert counts_of(run) == (2, 2, 2, 2)
        with tenancy.scope(run.organization_id):
            waiting = RetentionBatch.objects.filter(checked_at=None)
            assert {one.holder for one in waiting} == {"recordings.audio"}
        service.heal()
        assert left_in(service, VIRGINIA) == 3
        assert purge(organization_id=run.organization_id, run_id=run.id, now=THREE)
        assert run_of(calls[0].organization_id).finished_at == THREE
        assert [is_gone(call) for call in calls] == [True, True]
        assert is_whole(later)
        assert left_in(service, VIRGINIA) == 1
