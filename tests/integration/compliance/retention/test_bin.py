"""What lies in the bin goes when its 30 days are over, or its own date comes sooner."""

from datetime import timedelta

import pytest

from accounts.permissions import Role
from compliance.retention.models import LegalHold
from compliance.retention.selections import register_kind
from compliance.retention.services.start_runs import start_run
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.personal_data import OfCaller
from telephony.bin.errors import BeyondReturnError, HeldError, RowNotFoundError
from telephony.bin.kinds import Kind
from telephony.bin.services.delete_row import delete_row
from telephony.bin.services.erase_row import erase_row
from telephony.bin.services.restore_row import restore_row
from telephony.messages.models import Message
from telephony.models import Call, CarrierEvent
from telephony.scheduling.models import Appointment
from tests.cast import actor_for
from tests.cast_calls import make_appointment
from tests.integration.compliance.retention.nights import (
    THREE,
    counts_of,
    has_key,
    has_sound,
    is_gone,
    is_whole,
    run_night,
    run_of,
)
from tests.integration.telephony.posts import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)
WINDOW = timedelta(days=30)
CLOCKS = ("audio", "transcript", "fields", "metadata")


@pytest.fixture
def ada(cast):
    owner = actor_for(cast.ada, cast.alder, Role.OWNER)
    return _fresh(owner)


def _fresh(actor, at=THREE):
    return type(actor)(
        **{name: getattr(actor, name) for name in actor.__slots__} | {"factor_at": at}
    )


def _delete(actor, kind, row_id, at):
    with tenancy.scope(actor.organization_id):
        return delete_row(actor=actor, kind=kind, row_id=row_id, now=at)


def _deleted(call) -> Call:
    with tenancy.scope(call.organization_id):
        return Call.with_deleted.get(pk=call.id)


def _is_hidden(call) -> bool:
    with tenancy.scope(call.organization_id):
        return not Call.objects.filter(pk=call.id).exists()


def _is_erased(call) -> bool:
    """Return whether a deleted call has nothing left but its bare row."""
    row = _deleted(call)
    with tenancy.scope(call.organization_id):
        words = row.utterances(manager="with_deleted").count()
        messages = Message.with_deleted.filter(call_id=call.id).count()
    return (
        not has_key(call)
        and not has_sound(call)
        and (words, messages) == (0, 0)
        and bytes(row.caller_sealed) == bytes(row.caller_index) == b""
        and all(getattr(row, f"{kind}_erased_at") is not None for kind in CLOCKS)
    )


def _hold(call) -> LegalHold:
    with tenancy.scope(call.organization_id):
        return LegalHold.objects.create(
            organization_id=call.organization_id,
            scope="call",
            call_id=call.id,
            reason_sealed=b"x",
            review_on=THREE.date() + timedelta(days=90),
            placed_at=THREE,
            placed_by=uuid7(),
        )


class TestDeletedCall:
    def test_is_gone_in_the_night_its_thirty_days_are_over(
        self, cast, ada, make_due, three
    ):
        over, hour_left, kept = make_due(-90), make_due(-90), make_due(-90)
        _delete(ada, Kind.CALL, over.id, THREE - WINDOW)
        _delete(ada, Kind.CALL, hour_left.id, THREE - WINDOW + timedelta(hours=1))
        assert (_is_hidden(over), _is_hidden(hour_left)) == (True, True)

        run_night(cast)

        assert [_is_erased(over), _is_erased(hour_left)] == [True, False]
        assert is_whole(kept)
        with tenancy.scope(ada.organization_id):
            restore_row(actor=ada, kind=Kind.CALL, row_id=hour_left.id, now=THREE)
        assert is_whole(hour_left)

    def test_comes_back_whole_with_the_dates_it_had(self, cast, ada, make_due, three):
        call = make_due(-90)
        before = [getattr(call, f"{kind}_erase_after") for kind in CLOCKS]
        _delete(ada, Kind.CALL, call.id, THREE - timedelta(days=29))
        run_night(cast)

        with tenancy.scope(ada.organization_id):
            restore_row(actor=ada, kind=Kind.CALL, row_id=call.id, now=THREE)

        assert is_whole(call)
        again = _deleted(call)
        assert [getattr(again, f"{kind}_erase_after") for kind in CLOCKS] == before
        assert (again.deleted_at, again.deleted_by, again.restorable_until) == (
            None,
            None,
            None,
        )

    def test_goes_at_its_own_date_where_that_is_sooner(
        self, cast, ada, make_due, three
    ):
        call = make_due(0)
        _delete(ada, Kind.CALL, call.id, THREE - timedelta(days=1))

        run_night(cast)

        assert _is_erased(call)

    def test_keeps_the_events_of_the_carrier_that_are_its_own(
        self, cast, ada, make_due, three
    ):
        call = make_due(-90)
        with tenancy.scope(call.organization_id):
            CarrierEvent.objects.create(
                organization_id=call.organization_id,
                carrier="telnyx",
                carrier_event_id="event",
                carrier_call_id=call.carrier_call_id,
                event_type="call.hangup",
                occurred_at=THREE - timedelta(days=90),
                received_at=THREE - timedelta(days=90),
                payload_sealed=b"sealed",
            )
        _delete(ada, Kind.CALL, call.id, THREE - timedelta(days=9))

        run_night(cast)

        with tenancy.scope(call.organization_id):
            assert CarrierEvent.objects.count() == 1

    def test_stays_while_a_hold_covers_it_and_goes_the_night_after(
        self, cast, ada, make_due, three
    ):
        call = make_due(-90)
        _delete(ada, Kind.CALL, call.id, THREE - timedelta(days=40))
        hold = _hold(call)

        run_night(cast)

        assert not _is_erased(call)
        assert has_sound(call)
        with tenancy.scope(call.organization_id):
            LegalHold.objects.filter(pk=hold.pk).update(released_at=THREE)
        three.move(days=1)
        run_night(cast)
        assert _is_erased(call)

    def test_cannot_come_back_once_its_time_is_over(self, cast, ada, make_due, three):
        call = make_due(-90)
        _delete(ada, Kind.CALL, call.id, THREE - WINDOW)

        with tenancy.scope(ada.organization_id), pytest.raises(BeyondReturnError):
            restore_row(actor=ada, kind=Kind.CALL, row_id=call.id, now=THREE)

        assert _is_hidden(call)

    def test_is_skipped_by_no_request_to_erase_its_caller(
        self, cast, ada, make_due, three
    ):
        call = make_due(-90)
        _delete(ada, Kind.CALL, call.id, THREE - timedelta(hours=1))
        selection = OfCaller(bytes(call.caller_index), before=THREE)
        register_kind("test", lambda _: selection)

        with tenancy.scope(ada.organization_id):
            start_run(
                organization_id=ada.organization_id,
                kind="test",
                cause_id=uuid7(),
                now=THREE,
            )
        run_all_jobs(cast)

        assert _is_erased(call)
        with tenancy.scope(ada.organization_id), pytest.raises(RowNotFoundError):
            restore_row(actor=ada, kind=Kind.CALL, row_id=call.id, now=THREE)


class TestEraseNow:
    def test_erases_it_alone_and_leaves_its_booking(self, cast, ada, make_due, three):
        call, other = make_due(-90), make_due(-90)
        with tenancy.scope(call.organization_id):
            visit = make_appointment(
                cast.alder, starts_at=THREE + timedelta(days=3), name="Nora", call=call
            )
        _delete(ada, Kind.CALL, call.id, THREE)
        _delete(ada, Kind.CALL, other.id, THREE)

        with tenancy.scope(ada.organization_id):
            erase_row(actor=ada, kind=Kind.CALL, row_id=call.id, now=THREE)
        run_all_jobs(cast)

        assert [_is_erased(call), _is_erased(other)] == [True, False]
        with tenancy.scope(call.organization_id):
            kept = Appointment.objects.get(pk=visit.id)
            assert len(kept.patient_name_sealed) > 0
            assert (kept.call_id, kept.shown_call_id) == (call.id, None)
            run = run_of(call.organization_id)
            assert (run.kind, run.cause_id, run.finished_at) == ("bin", call.id, THREE)

    def test_leaves_what_the_night_is_to_take_to_the_night(
        self, cast, ada, make_due, three
    ):
        three.move(hours=-2)
        at_one = THREE - timedelta(hours=2)
        ada = _fresh(ada, at_one)
        call, over, due = make_due(-90), make_due(-90), make_due(0)
        with tenancy.scope(call.organization_id):
            visit = make_appointment(
                cast.alder, starts_at=THREE - timedelta(days=182), name="Nora"
            )
            note_id = over.messages.get().id
        _delete(ada, Kind.MESSAGE, note_id, at_one - WINDOW)
        _delete(ada, Kind.CALL, over.id, at_one - WINDOW)
        _delete(ada, Kind.CALL, call.id, at_one)

        with tenancy.scope(ada.organization_id):
            erase_row(actor=ada, kind=Kind.CALL, row_id=call.id, now=at_one)
        run_all_jobs(cast)

        assert [_is_erased(call), _is_erased(over)] == [True, False]
        assert is_whole(due)
        with tenancy.scope(ada.organization_id):
            assert Message.with_deleted.filter(pk=note_id).exists()
            assert Appointment.objects.get(pk=visit.id).erased_at is None
        assert counts_of(run_of(ada.organization_id, at_one)) == (1, 1, 1, 1)

        three.move(hours=2)
        run_night(cast)
        assert [_is_erased(over), is_gone(due)] == [True, True]

    def test_erases_a_message_alone(self, cast, ada, make_due, three):
        call, other = make_due(-90), make_due(-90)
        with tenancy.scope(call.organization_id):
            gone_id, kept_id = (one.messages.get().id for one in (call, other))
        for row_id in (gone_id, kept_id):
            _delete(ada, Kind.MESSAGE, row_id, THREE - WINDOW)

        with tenancy.scope(ada.organization_id):
            erase_row(actor=ada, kind=Kind.MESSAGE, row_id=gone_id, now=THREE)
        run_all_jobs(cast)

        with tenancy.scope(call.organization_id):
            assert [one.id for one in Message.with_deleted.all()] == [kept_id]
            assert call.utterances.count() == 2
        assert counts_of(run_of(ada.organization_id)) == (0, 0, 1, 0)

    def test_erases_a_booking_alone(self, cast, ada, three):
        with tenancy.scope(ada.organization_id):
            gone, kept = (
                make_appointment(
                    cast.alder, starts_at=THREE - timedelta(days=days), name="Nora"
                )
                for days in (60, 61)
            )
        for visit in (gone, kept):
            _delete(ada, Kind.APPOINTMENT, visit.id, THREE - WINDOW)

        with tenancy.scope(ada.organization_id):
            erase_row(actor=ada, kind=Kind.APPOINTMENT, row_id=gone.id, now=THREE)
        run_all_jobs(cast)

        with tenancy.scope(ada.organization_id):
            erased_at = dict(Appointment.with_deleted.values_list("id", "erased_at"))
        assert erased_at == {gone.id: THREE, kept.id: None}

    def test_is_refused_while_a_hold_covers_it(self, cast, ada, make_due, three):
        call = make_due(-90)
        _delete(ada, Kind.CALL, call.id, THREE)
        before = _deleted(call).restorable_until
        _hold(call)

        with tenancy.scope(ada.organization_id), pytest.raises(HeldError):
            erase_row(actor=ada, kind=Kind.CALL, row_id=call.id, now=THREE)
        run_all_jobs(cast)

        assert has_sound(call)
        assert _deleted(call).restorable_until == before


class TestDeletedMessage:
    def test_goes_alone_when_its_time_is_over(self, cast, ada, make_due, three):
        call, kept = make_due(-90), make_due(-90)
        with tenancy.scope(call.organization_id):
            message_id, other_id = (one.messages.get().id for one in (call, kept))
        _delete(ada, Kind.MESSAGE, message_id, THREE - WINDOW)
        _delete(ada, Kind.MESSAGE, other_id, THREE - WINDOW + timedelta(hours=1))

        run_night(cast)

        with tenancy.scope(call.organization_id):
            left = set(Message.with_deleted.values_list("id", flat=True))
            assert left == {other_id}
            assert Call.objects.get(pk=call.id).utterances.count() == 2
            restore_row(actor=ada, kind=Kind.MESSAGE, row_id=other_id, now=THREE)
        assert is_whole(kept)


class TestDeletedAppointment:
    def test_loses_its_patient_when_its_time_is_over(self, cast, ada, three):
        at = THREE - timedelta(days=60)
        with tenancy.scope(ada.organization_id):
            visit, kept = (
                make_appointment(
                    cast.alder, starts_at=at + timedelta(hours=hours), name="Nora"
                )
                for hours in (0, 1)
            )
        _delete(ada, Kind.APPOINTMENT, visit.id, THREE - WINDOW)

        run_night(cast)

        with tenancy.scope(ada.organization_id):
            gone = Appointment.with_deleted.get(pk=visit.id)
            assert (bytes(gone.patient_name_sealed), gone.erased_at) == (b"", THREE)
            assert [row.id for row in Appointment.objects.all()] == [kept.id]
            assert len(Appointment.objects.get().patient_name_sealed) > 0
