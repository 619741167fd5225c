"""What the carrier and the spool still bring of a call that was deleted meanwhile."""

from datetime import timedelta

import pytest

from compliance.keys.keys import keys
from compliance.keys.store import FileKeyStore
from recordings.services.store_recording import store_recording
from recordings.spool import Spool, spool_path
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.soft_delete import RESTORABLE_FOR
from telephony.event_payload import open_payload
from telephony.models import Call, CarrierEvent
from telephony.services.apply_event import apply_event
from telephony.services.clear_finished import clear_finished
from tests.cast import NOW
from tests.cast_calls import sealer_of
from tests.integration.compliance.keys.conftest import forget
from tests.integration.recordings.test_store_recording import _record
from tests.integration.telephony.posts import event
from tests.integration.telephony.ringing import keep, ring

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def deleted(cast):
    call = ring(
        cast.alder,
        answered_at=NOW,
        ended_at=NOW + timedelta(seconds=10),
        status=Call.Status.ENDED,
    )
    with tenancy.scope(call.organization_id):
        Call.objects.filter(pk=call.pk).update(
            deleted_at=LATER,
            deleted_by=uuid7(),
            restorable_until=LATER + RESTORABLE_FOR,
        )
    return call


def _restore(call) -> None:
    with tenancy.scope(call.organization_id):
        Call.with_deleted.filter(pk=call.pk).update(
            deleted_at=None, deleted_by=None, restorable_until=None
        )


class TestLateEvent:
    def test_is_applied_and_goes_the_way_of_its_call(self, cast, deleted):
        data = event(
            "call.hangup", clinic=cast.alder, call_id=deleted.carrier_call_id, at_s=10
        )
        kept = keep(cast.alder, data, received_at=LATER)

        apply_event(organization_id=kept.organization_id, event_id=kept.id, now=LATER)

        with tenancy.scope(kept.organization_id):
            kept.refresh_from_db()
            assert kept.applied_at == LATER
            assert "call_control_id" in open_payload(kept)

    def test_keeps_the_key_of_no_day(self, cast, deleted, tmp_path, monkeypatch):
        """What was applied is under the call's key, deleted or not."""
        store = FileKeyStore(tmp_path)
        forget()  # the key of the day may be in memory
        monkeypatch.setattr(keys(), "_store", store)
        organization_id = cast.alder.organization.id
        data = event(
            "call.hangup", clinic=cast.alder, call_id=deleted.carrier_call_id, at_s=10
        )
        kept = keep(cast.alder, data, received_at=LATER)
        with tenancy.scope(organization_id):
            CarrierEvent.objects.filter(pk=kept.pk).update(applied_at=LATER)
        assert _days(store, organization_id) == [f"day-{LATER:%Y%m%d}"]

        clear_finished(organization_id=organization_id, now=LATER + timedelta(days=9))

        assert _days(store, organization_id) == []


def _days(store, organization_id) -> list[str]:
    names = store.root_wrapped(organization_id)
    return [name for name in names if name.startswith("day-")]


class TestLateSound:
    def test_is_stored_and_comes_back_with_its_call(self, deleted, settings, tmp_path):
        settings.SPOOL_DIR = tmp_path
        path = spool_path(tmp_path, deleted.organization_id, deleted.id)
        _record(Spool(path, sealer_of(deleted)), 3)

        store_recording(
            organization_id=deleted.organization_id, call_id=deleted.id, now=LATER
        )

        assert not path.exists()
        _restore(deleted)
        with tenancy.scope(deleted.organization_id):
            recording = Call.objects.get(pk=deleted.id).recording
        assert (recording.status, recording.duration_ms) == ("stored", 3000)
