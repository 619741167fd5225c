import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, OperationalError, connection, connections

from compliance.capture.gate import CaptureGate
from sondervoice.clinic_tools import ClinicTools
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from telephony.models import Call, PhoneNumber, StreamToken, ToolUse
from telephony.scheduling.errors import SlotTakenError
from telephony.scheduling.models import Appointment, Practitioner, Slot
from telephony.scheduling.services.book_slot import book_slot
from telephony.services.open_stream import open_stream
from telephony.voice.dialogue import Wish
from telephony.voice.ports import ToolRefusedError
from tests.cast import HANNAH, NOW, make_cast
from tests.integration.telephony.ringing import ring, token_for


def _slot(clinic, *, hours=24, at=NOW):
    with tenancy.scope(clinic.organization.id):
        starts_at = at + timedelta(hours=hours)
        return Slot.objects.create(
            organization=clinic.organization,
            practitioner=clinic.practitioner,
            kind=clinic.check_up,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=20),
        )


def _book(call, slot_id):
    with tenancy.scope(call.organization_id):
        return book_slot(
            call=call,
            slot_id=slot_id,
            name="Hannah Brandt",
            phone_e164=HANNAH,
            is_name_confirmed=True,
            now=NOW,
        )


def _appointments(clinic):
    with tenancy.scope(clinic.organization.id):
        return Appointment.objects.count()


class TestOneSlot:
    @pytest.mark.django_db(transaction=True)
    def test_is_booked_by_one_of_twenty_callers(self):
        clinic = make_cast().alder
        slot = _slot(clinic)
        calls = [ring(clinic, call_id=f"v3:{number}") for number in range(20)]
        together = Barrier(20)

        def book(call):
            together.wait(20)
            try:
                _book(call, slot.id)
            except SlotTakenError:
                return "taken"
            finally:
                connections.close_all()
            return "booked"

        with ThreadPoolExecutor(20) as callers:
            found = sorted(callers.map(book, calls))

        assert found == ["booked"] + ["taken"] * 19
        assert _appointments(clinic) == 1
        with tenancy.scope(clinic.organization.id):
            assert Call.objects.filter(outcome="booked").count() == 1

    @pytest.mark.django_db
    def test_is_the_same_appointment_when_one_call_books_it_twice(self, cast):
        call, slot = ring(cast.alder), _slot(cast.alder)

        assert _book(call, slot.id).id == _book(call, slot.id).id
        assert _appointments(cast.alder) == 1

    @pytest.mark.django_db(transaction=True)
    def test_of_another_clinic_cannot_be_booked(self):
        cast = make_cast()
        call, foreign = ring(cast.alder), _slot(cast.birch)

        with pytest.raises((SlotTakenError, IntegrityError)):
            _book(call, foreign.id)

        assert _appointments(cast.alder) == _appointments(cast.birch) == 0
        with tenancy.scope(call.organization_id):
            assert Call.objects.get().outcome == "none"


@pytest.mark.django_db(transaction=True)
class TestReference:
    def test_to_another_clinics_row_is_refused_by_the_database(self):
        cast = make_cast()
        alder, foreign = cast.alder.organization.id, cast.birch
        call = ring(cast.alder)

        def number():
            Call.objects.filter(pk=call.pk).update(number=foreign.number.pk)

        def version():
            PhoneNumber.objects.update(agent_version=foreign.agent_version.pk)

        def token():
            StreamToken.objects.create(
                organization_id=alder,
                call_id=ring_of_birch.pk,
                token_sha256=b"x" * 32,
                expires_at=NOW,
            )

        def change_at_once(change):
            with tenancy.scope(alder):
                change()
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

        ring_of_birch = ring(foreign, call_id="v3:birch")
        for change in (number, version, token):
            with pytest.raises(IntegrityError, match="_tenant"):
                change_at_once(change)


class TestTools:
    @pytest.fixture
    def tools(self, desk):
        self.cast = make_cast()
        now = utc_now()
        self.call = ring(self.cast.alder, started_at=now, answered_at=now)
        opened = open_stream(token=token_for(self.call, now=now), now=now)
        return ClinicTools(
            opened,
            desk=desk,
            gate=CaptureGate(opened.policy),
            now_ms=lambda: 1_000,
            later=lambda work: work(),
        )

    def test_take_no_yes_from_before_the_question(self, tools):
        gate = tools._gate

        async def main():
            unasked = await tools.note_consent(is_given=True, method="key")
            gate.question_begun(at_ms=1_001)
            too_early = await tools.note_consent(is_given=True, method="key")
            gate.asked_at_ms = 900
            tools.last_utterance_ms = lambda: (899, 950)
            begun_before = await tools.note_consent(is_given=True, method="voice")
            in_time = await tools.note_consent(is_given=True, method="key")
            return unasked, too_early, begun_before, in_time

        assert asyncio.run(main()) == (False, False, False, True)
        assert self._uses() == [("note_consent", "given")]

    def test_do_not_call_books_empty_that_cannot_be_read(self, tools, monkeypatch):
        def away(*_args, **_kwargs):
            raise OperationalError

        monkeypatch.setattr(tenancy, "scope", away)

        async def main():
            for look in (tools.find_slots(Wish()), tools.find_own_appointments()):
                with pytest.raises(ToolRefusedError):
                    await look

        asyncio.run(main())

    def _uses(self):
        with tenancy.scope(self.call.organization_id):
            return list(ToolUse.objects.order_by("id").values_list("name", "effect"))

    def test_refuse_a_slot_that_was_never_offered(self, tools):
        free = _slot(self.cast.alder, at=utc_now())
        foreign = _slot(self.cast.birch, at=utc_now())

        async def main():
            for slot_id in (free.id, foreign.id, uuid7()):
                with pytest.raises(ToolRefusedError):
                    await tools.book(slot_id, name="Eve", phone="")

        asyncio.run(main())

        assert _appointments(self.cast.alder) == _appointments(self.cast.birch) == 0
        assert self._uses() == [("book", "refused")] * 3

    def test_book_what_was_offered(self, tools):
        free = _slot(self.cast.alder, at=utc_now())
        _slot(self.cast.birch, at=utc_now())

        async def main():
            offered = await tools.find_slots(Wish())
            return [slot.id for slot in offered], await tools.book(
                free.id, name="Hannah", phone=""
            )

        assert asyncio.run(main()) == ([free.id], True)
        assert _appointments(self.cast.alder) == 1
        assert self._uses() == [("find_slots", "found"), ("book", "booked")]

    def test_offer_nobody_two_places_at_one_time(self, tools):
        now = utc_now()
        mine = _slot(self.cast.alder, at=now)
        with tenancy.scope(self.cast.alder.organization.id):
            Slot.objects.create(
                organization=self.cast.alder.organization,
                practitioner=Practitioner.objects.create(
                    organization=self.cast.alder.organization, name="Dr. Lindqvist"
                ),
                kind=self.cast.alder.check_up,
                starts_at=mine.starts_at + timedelta(minutes=10),
                ends_at=mine.ends_at + timedelta(minutes=10),
            )
        next_one = _slot(self.cast.alder, at=now, hours=25)

        async def main():
            before = {slot.starts_at for slot in await tools.find_slots(Wish())}
            await tools.book(mine.id, name="Hannah", phone="")
            return before, [slot.id for slot in await tools.find_slots(Wish())]

        before, after = asyncio.run(main())

        assert len(before) == 3
        assert after == [next_one.id]

    def test_refuse_an_appointment_that_is_not_the_callers(self, tools):
        other = ring(self.cast.alder, call_id="v3:other", caller="+13125550171")
        with tenancy.scope(other.organization_id):
            theirs = book_slot(
                call=other,
                slot_id=_slot(self.cast.alder, at=utc_now()).id,
                name="Omar",
                phone_e164="+13125550171",
                is_name_confirmed=True,
                now=NOW,
            )

        async def main():
            own = await tools.find_own_appointments()
            with pytest.raises(ToolRefusedError):
                await tools.cancel(theirs.id)
            return own

        assert asyncio.run(main()) == ()
        with tenancy.scope(other.organization_id):
            assert Appointment.objects.get().status == "booked"
        assert self._uses() == [("find_own", "none"), ("cancel", "refused")]
