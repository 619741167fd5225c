"""The clinic's books with a script: what is free, what is booked, what is refused."""

from dataclasses import dataclass, field
from uuid import UUID

from telephony.voice.dialogue import Booked, Slot, Wish
from telephony.voice.ports import ToolRefusedError


@dataclass(slots=True, kw_only=True)
class FakeTools:
    """Implements `telephony.voice.ports.Tools` and keeps what was asked of it.

    Attributes:
        slots: Free places; those on the wished day and hours are found.
        gone: Ids that somebody else takes at the last moment.
        refuses: Names of tools that raise `ToolRefusedError`.
        takes_consent: What `note_consent` returns.
        calls: Each call as its name and what it was given, in order.
    """

    slots: tuple[Slot, ...] = ()
    own: tuple[Booked, ...] = ()
    gone: frozenset[UUID] = frozenset()
    refuses: frozenset[str] = frozenset()
    takes_consent: bool = True
    calls: list[tuple[object, ...]] = field(default_factory=list)

    def _note(self, tool: str, *given: object) -> None:
        self.calls.append((tool, *given))
        if tool in self.refuses:
            raise ToolRefusedError

    def made(self, tool: str) -> list[tuple[object, ...]]:
        """Return what the calls of one tool were given."""
        return [call[1:] for call in self.calls if call[0] == tool]

    is_busy = False

    async def find_slots(self, wish: Wish) -> tuple[Slot, ...]:
        self._note("find_slots", wish)
        fits = [slot for slot in self.slots if _fits(slot, wish)]
        near = wish.near
        if near is not None:
            fits.sort(
                key=lambda s: abs(s.starts_at.hour * 60 + s.starts_at.minute - near)
            )
        return tuple(sorted(fits[:3], key=lambda slot: slot.starts_at))

    async def book(self, slot_id: UUID, *, name: str, phone: str) -> bool:
        self._note("book", slot_id, name, phone)
        return slot_id not in self.gone

    async def find_own_appointments(self) -> tuple[Booked, ...]:
        self._note("find_own_appointments")
        return self.own

    async def cancel(self, appointment_id: UUID) -> None:
        self._note("cancel", appointment_id)

    async def take_message(
        self,
        *,
        text: str,
        name: str,
        phone: str,
        is_urgent: bool,
        is_note: bool = False,
    ) -> None:
        self._note("take_message", text, name, phone, is_urgent)

    async def note_emergency(self) -> None:
        self._note("note_emergency")

    async def note_consent(self, *, is_given: bool, method: str) -> bool:
        self._note("note_consent", is_given, method)
        return self.takes_consent


def _fits(slot: Slot, wish: Wish) -> bool:
    hour = slot.starts_at.hour
    return (
        wish.on in (None, slot.starts_at.date())
        and (wish.from_hour is None or hour >= wish.from_hour)
        and (wish.until_hour is None or hour < wish.until_hour)
    )
