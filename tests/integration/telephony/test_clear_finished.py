from datetime import timedelta

import pytest

from compliance.keys.keys import keys
from compliance.keys.store import FileKeyStore
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.models import OutboxJob
from telephony.models import CarrierEvent, StreamToken
from telephony.services.clear_finished import clear_finished
from telephony.tasks import sweep_finished
from tests.cast import NOW
from tests.integration.telephony.posts import event
from tests.integration.telephony.ringing import keep, ring, token_for

pytestmark = pytest.mark.django_db


def _job(call, **fields):
    return OutboxJob.objects.create(
        organization_id=call.organization_id,
        task="telephony.mend_stream",
        created_at=NOW,
        next_at=NOW,
        **fields,
    )


def _left(call):
    with tenancy.scope(call.organization_id):
        return set(OutboxJob.objects.values_list("pk", flat=True)), list(
            StreamToken.objects.order_by("expires_at").values_list(
                "expires_at", flat=True
            )
        )


@pytest.fixture
def call(cast):
    call = ring(cast.alder)
    with tenancy.scope(call.organization_id):
        OutboxJob.objects.all().delete()
    return call


class TestClearFinished:
    def test_takes_what_was_done_a_week_ago_and_nothing_else(self, call):
        week = NOW - timedelta(days=7)
        with tenancy.scope(call.organization_id):
            _job(call, done_at=week - timedelta(seconds=1))
            kept = {
                _job(call, done_at=week).pk,
                _job(call, failed_at=week - timedelta(days=90)).pk,
                _job(call).pk,
            }

        cleared = clear_finished(organization_id=call.organization_id, now=NOW)

        assert cleared == 1
        assert _left(call)[0] == kept

    def test_takes_tokens_that_expired_a_day_ago(self, call):
        day = timedelta(days=1)
        for expired_at in (NOW - day - timedelta(seconds=1), NOW - day, NOW):
            token_for(call, now=expired_at - timedelta(seconds=60))

        cleared = clear_finished(organization_id=call.organization_id, now=NOW)

        assert cleared == 1
        assert _left(call)[1] == [NOW - day, NOW]

    def test_takes_no_more_at_once_than_it_may(self, call):
        with tenancy.scope(call.organization_id):
            for days in range(8, 13):
                _job(call, done_at=NOW - timedelta(days=days))

        cleared = [
            clear_finished(organization_id=call.organization_id, now=NOW, at_most=2)
            for _ in range(4)
        ]

        assert cleared == [2, 2, 1, 0]

    def test_is_done_for_every_clinic(self, cast):
        calls = [
            ring(clinic, call_id=f"v3:{slug}")
            for slug, clinic in (("a", cast.alder), ("b", cast.birch))
        ]
        for call in calls:
            with tenancy.scope(call.organization_id):
                OutboxJob.objects.all().delete()
                _job(call, done_at=utc_now() - timedelta(days=8))

        sweep_finished()

        assert [_left(call)[0] for call in calls] == [set(), set()]


class TestKeysOfDays:
    """What came in is sealed under the key of its day until it is applied."""

    @pytest.fixture
    def days(self, cast, settings, tmp_path, monkeypatch):
        """Return the days that have a key; the cast's events are of today."""
        store = FileKeyStore(tmp_path)
        monkeypatch.setattr(keys(), "_store", store)

        def days() -> list[str]:
            names = store.root_wrapped(cast.alder.organization.id)
            return [name[4:] for name in names if name.startswith("day-")]

        return days

    def test_go_when_no_event_needs_them(self, cast, days):
        organization_id = cast.alder.organization.id
        for back in (1, 2, 40):
            _stray(cast.alder, at=NOW - timedelta(days=back), number=back)

        clear_finished(organization_id=organization_id, now=NOW)
        assert len(days()) == 3

        with tenancy.scope(organization_id):
            CarrierEvent.objects.filter(carrier_call_id__in=["2", "40"]).delete()
        clear_finished(organization_id=organization_id, now=NOW)

        assert days() == [f"{NOW - timedelta(days=1):%Y%m%d}"]


def _stray(clinic, *, at, number):
    return keep(
        clinic,
        event("call.initiated", clinic=clinic, call_id=str(number)),
        received_at=at,
    )
