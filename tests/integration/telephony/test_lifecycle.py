from datetime import timedelta
from itertools import permutations

import pytest
from django.db import transaction

from sondervoice.kernel import tenancy
from sondervoice.kernel.models import OutboxJob
from telephony.models import Call, CarrierCommand, CarrierEvent
from telephony.services.apply_event import apply_event
from tests.cast import NOW
from tests.integration.telephony.posts import event
from tests.integration.telephony.ringing import keep

LIFE = {
    "call.initiated": {},
    "call.answered": {},
    "streaming.started": {},
    "streaming.stopped": {},
    "call.hangup": {"hangup_source": "caller", "hangup_cause": "normal_clearing"},
}


def _apply(clinic, event_id):
    apply_event(organization_id=clinic.organization.id, event_id=event_id, now=NOW)


def _apply_again(clinic):
    """Apply what became due by an event, as the worker would."""
    waiting = OutboxJob.objects.filter(task="telephony.apply_event", done_at=None)
    for job in waiting.order_by("created_at", "id"):
        _apply(clinic, job.ids["event_id"])
        OutboxJob.objects.filter(pk=job.pk).update(done_at=NOW)


def _live_through(clinic, order):
    """Return all that may not depend on the order, and undo it."""
    with transaction.atomic():
        with tenancy.scope(clinic.organization.id):
            for name in order:
                at_s = list(LIFE).index(name)
                data = event(name, clinic=clinic, at_s=at_s, **LIFE[name])
                _apply(clinic, keep(clinic, data, received_at=NOW).id)
                _apply_again(clinic)
            call = Call.objects.get()
            found = {
                "status": call.status,
                "ended_at": call.ended_at,
                "reason": call.end_reason,
                "answers": CarrierCommand.objects.filter(kind="answer").count(),
                "left over": CarrierEvent.objects.filter(applied_at=None).count(),
            }
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
class TestLifecycle:
    def test_ends_alike_in_every_order(self, cast):
        ends = [_live_through(cast.alder, order) for order in permutations(LIFE)]

        assert len(ends) == 120
        assert [end for end in ends if end != ends[0]] == []
        assert ends[0] == {
            "status": "ended",
            "ended_at": NOW + timedelta(seconds=4),
            "reason": "caller_hung_up",
            "answers": 1,
            "left over": 0,
        }

    def test_takes_an_event_that_is_applied_twice_once(self, cast):
        clinic = cast.alder

        with tenancy.scope(clinic.organization.id):
            kept = [
                keep(
                    clinic,
                    event(name, clinic=clinic, at_s=at_s, **LIFE[name]),
                    received_at=NOW,
                )
                for at_s, name in enumerate(LIFE)
            ]
            for event_id in [row.id for row in kept for _ in range(2)]:
                _apply(clinic, event_id)
            jobs = OutboxJob.objects.values_list("task", flat=True)

            assert Call.objects.get().status == "ended"
            assert sorted(CarrierCommand.objects.values_list("kind", flat=True)) == [
                "answer",
                "start_stream",
            ]
            assert sorted(jobs) == [
                "recordings.store_recording",
                "telephony.mend_stream",
                "telephony.send_command",
                "telephony.send_command",
            ]
