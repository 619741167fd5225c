"""What a brain may do in the clinic's books, for one call.

Authority sits here, not in the words of a model: only a slot that was offered in this
call can be booked, only an appointment made from the caller's own number cancelled.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import Error as DatabaseError

from compliance.capture.gate import CaptureGate
from compliance.keys.keys import keys
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.errors import SonderError
from sondervoice.kernel.ids import uuid7
from telephony.media_desk import MediaDesk
from telephony.messages.services.take_message import LeftMessage, take_message
from telephony.models import Call, ToolUse
from telephony.phone_numbers import to_e164
from telephony.scheduling.errors import SlotTakenError
from telephony.scheduling.models import Appointment
from telephony.scheduling.models import Slot as SlotRow
from telephony.scheduling.selectors.slots import list_free_slots
from telephony.scheduling.services.book_slot import book_slot
from telephony.scheduling.services.cancel_appointment import cancel_appointment
from telephony.services.open_stream import OpenedCall
from telephony.voice.dialogue import Booked, Slot, Wish
from telephony.voice.ports import ToolRefusedError

logger = logging.getLogger(__name__)

OWN_AT_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class _Result:
    """What a tool did, for the record and for the brain."""

    value: Any
    effect: str
    count: int | None = None
    subject_id: UUID | None = None


class ClinicTools:
    """The tools of one call (`ports.Tools`); each asks the database on a thread.

    Attributes:
        last_utterance_ms: Says where the caller's last utterance is in the sound; set
            by whoever builds the line.
    """

    def __init__(
        self,
        call: OpenedCall,
        *,
        desk: MediaDesk,
        gate: CaptureGate,
        now_ms: Callable[[], int],
        later: Callable[[Callable[[], object]], None],
    ) -> None:
        """Act for `call`.

        Args:
            later: Does blocking work in order and tries it again (`CallWriter.submit`).
        """
        self._call = call
        self._desk = desk
        self._gate = gate
        self._now_ms = now_ms
        self._later = later
        self._running = 0
        self.last_utterance_ms: Callable[[], tuple[int, int] | None] = lambda: None
        self._offered = {slot.id for slot in call.dialogue.offered}
        self._own = {booked.appointment_id for booked in call.dialogue.own}

    @property
    def is_busy(self) -> bool:
        """Return whether something is being done in the books now."""
        return self._running > 0

    async def find_slots(self, wish: Wish) -> tuple[Slot, ...]:
        """Return at most three free slots that fit best."""
        slots: tuple[Slot, ...] = await self._use("find_slots", self._find_slots, wish)
        self._offered |= {slot.id for slot in slots}
        return slots

    async def book(self, slot_id: UUID, *, name: str, phone: str) -> bool:
        """Book an offered slot; False when it has just gone."""
        if slot_id not in self._offered:
            await self._use("book", _refused)
            raise ToolRefusedError
        is_booked: bool = await self._use("book", self._book, slot_id, name, phone)
        return is_booked

    async def find_own_appointments(self) -> tuple[Booked, ...]:
        """Return coming appointments made under the number that calls."""
        found: tuple[Booked, ...] = await self._use("find_own", self._find_own)
        self._own |= {booked.appointment_id for booked in found}
        return found

    async def cancel(self, appointment_id: UUID) -> None:
        """Cancel one of the caller's own appointments."""
        if appointment_id not in self._own:
            await self._use("cancel", _refused)
            raise ToolRefusedError
        await self._use("cancel", self._cancel, appointment_id)

    async def take_message(
        self,
        *,
        text: str,
        name: str,
        phone: str,
        is_urgent: bool,
        is_note: bool = False,
    ) -> None:
        """Leave a message for the staff."""
        left = LeftMessage(
            text=text,
            name=name,
            phone_e164=self._phone(phone),
            is_urgent=is_urgent,
            is_note=is_note,
            clip_ms=self.last_utterance_ms() if self._gate.may_record else None,
        )
        await self._use("take_message", self._message, left)

    async def note_emergency(self) -> None:
        """Note that the caller was told the emergency number, without waiting."""
        self._later(self._in_scope("note_emergency", self._emergency))

    async def note_consent(self, *, is_given: bool, method: str) -> bool:
        """Note the caller's yes or no, open or shut the gate; return whether it counts.

        A yes counts if it was given after the question began, and once it is written
        down: the proof comes before the first sound. A no counts at once.
        """
        if not is_given:
            self._gate.consent(is_given=False)
            self._later(self._in_scope("note_consent", self._consent, False, method))  # noqa: FBT003
            return True
        if not self._answers_question(method):
            return False
        try:
            await self._use("note_consent", self._consent, True, method)  # noqa: FBT003
        except ToolRefusedError:
            return False
        self._gate.consent(is_given=True)
        return True

    def _answers_question(self, method: str) -> bool:
        """Return whether what was just said or pressed came after the question."""
        asked_ms, utterance_ms = self._gate.asked_at_ms, self.last_utterance_ms()
        if asked_ms is None:
            return False
        if method == "voice":
            return utterance_ms is not None and utterance_ms[0] >= asked_ms
        return self._now_ms() >= asked_ms

    async def _use(self, name: str, work: Callable[..., _Result], *args: object) -> Any:
        """Do the work on a thread and return its value.

        A tool that has begun is finished even when the caller speaks over us.

        Raises:
            ToolRefusedError: If the books cannot be reached: the call goes on.
        """
        self._running += 1
        try:
            result = await self._desk.ask(self._in_scope(name, work, *args))
        except (DatabaseError, OSError, SonderError) as error:
            code = type(error).__name__
            logger.warning("tool failed", extra={"tool": name, "code": code})
            raise ToolRefusedError from None
        finally:
            self._running -= 1
        return result.value

    def _in_scope(
        self, name: str, work: Callable[..., _Result], *args: object
    ) -> Callable[[], _Result]:
        """Return the work with its note in the record of the call, in one scope."""
        at_ms = self._now_ms()
        # Made here: tried again after a commit nobody heard of, it is the same row.
        use_id = uuid7()

        def in_scope() -> _Result:
            with tenancy.scope(self._call.organization_id):
                result = work(*args)
                ToolUse.objects.create(
                    id=use_id,
                    organization_id=self._call.organization_id,
                    call_id=self._call.call_id,
                    name=name,
                    effect=result.effect,
                    count=result.count,
                    subject_id=result.subject_id,
                    at_ms=max(0, at_ms),
                    took_ms=max(0, self._now_ms() - at_ms),
                )
                return result

        return in_scope

    def _find_slots(self, wish: Wish) -> _Result:
        zone = ZoneInfo(self._call.timezone)
        on = (
            datetime(wish.on.year, wish.on.month, wish.on.day, 12, tzinfo=zone)
            if wish.on
            else None
        )
        rows = list_free_slots(
            now=utc_now(),
            timezone=self._call.timezone,
            on=on,
            near_minutes=wish.near,
            hours=(wish.from_hour, wish.until_hour),
            phone_index=self._phone_index(),
        )
        slots = tuple(_slot(row, zone) for row in rows)
        return _Result(slots, "found" if slots else "none", count=len(slots))

    def _book(self, slot_id: UUID, name: str, phone: str) -> _Result:
        try:
            appointment = book_slot(
                call=self._row(),
                slot_id=slot_id,
                name=name,
                phone_e164=self._phone(phone),
                is_name_confirmed=bool(name),
                now=utc_now(),
            )
        except SlotTakenError:
            return _Result(value=False, effect="taken", subject_id=slot_id)
        return _Result(value=True, effect="booked", subject_id=appointment.id)

    def _phone_index(self) -> bytes | None:
        """Return the blind index of the caller's number, if it is known."""
        number = self._call.caller_e164
        if not number:
            return None
        return keys().index(self._call.organization_id, kind="phone", value=number)

    def _find_own(self) -> _Result:
        index = self._phone_index()
        if index is None:
            return _Result((), "withheld")
        zone = ZoneInfo(self._call.timezone)
        rows = Appointment.objects.filter(
            patient_phone_index=index, status="booked", slot__starts_at__gt=utc_now()
        ).select_related("slot__practitioner")
        found = tuple(
            Booked(
                appointment_id=row.id,
                starts_at=row.slot.starts_at.astimezone(zone),
                with_whom=row.slot.practitioner.name,
            )
            for row in rows.order_by("slot__starts_at")[:OWN_AT_MOST]
        )
        return _Result(found, "found" if found else "none", count=len(found))

    def _cancel(self, appointment_id: UUID) -> _Result:
        cancel_appointment(
            call=self._row(), appointment_id=appointment_id, now=utc_now()
        )
        return _Result(None, "cancelled", subject_id=appointment_id)

    def _message(self, left: LeftMessage) -> _Result:
        message = take_message(
            call=self._row(), sealer=self._call.sealer, left=left, now=utc_now()
        )
        return _Result(None, "left", subject_id=message.id)

    def _emergency(self) -> _Result:
        Call.objects.filter(pk=self._call.call_id).update(
            outcome=Call.Outcome.EMERGENCY, emergency_told_at=utc_now()
        )
        return _Result(None, "told")

    def _consent(self, is_given: bool, method: str) -> _Result:  # noqa: FBT001
        Call.objects.filter(pk=self._call.call_id).update(
            consent_answer=is_given,
            consent_answered_at=utc_now(),
            consent_method=method,
        )
        return _Result(None, "given" if is_given else "refused")

    def _row(self) -> Call:
        return Call.objects.get(pk=self._call.call_id)

    def _phone(self, spoken: str) -> str:
        """Return the number to call back: the one given, else the one calling."""
        return to_e164(spoken, like=self._call.called_country) or self._call.caller_e164


def _refused() -> _Result:
    return _Result(None, "refused")


def _slot(row: SlotRow, zone: ZoneInfo) -> Slot:
    return Slot(
        id=row.id,
        starts_at=row.starts_at.astimezone(zone),
        with_whom=row.practitioner.name,
        kind=row.kind.name,
    )
