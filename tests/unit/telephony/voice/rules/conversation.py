"""A call with the rules brain, one turn after the other, without sound or clock."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from telephony.voice.adapters.rules.brain import RulesBrain
from telephony.voice.dialogue import Booked, Brief, Dialogue, Slot
from telephony.voice.ports import (
    CallerLeft,
    CallerPressed,
    CallerSaid,
    CallerSilent,
    CallOpened,
    CardSpoken,
    HangUp,
    Happening,
    Moment,
    Piece,
    PutThrough,
    Recognised,
    Remember,
    Say,
)
from tests.fakes.tools import FakeTools

ZONE = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)  # a Friday

BRIEF = Brief(
    clinic_name="Alder Clinic",
    timezone="America/Chicago",
    languages=("en",),
    emergency_number="911",
    can_put_through=False,
    facts={"hours": "We are open on weekdays from eight to five."},
    disclosure={
        "en": ("This is the AI assistant of Alder Clinic.", "This call is recorded."),
        "de": ("Hier ist der KI-Assistent der Alder Clinic.",),
        "fr": ("Ici l'assistant IA de Alder Clinic.",),
    },
    consent_question={"en": "Do you agree to the recording?"},
)
THREE_LANGUAGES = replace(BRIEF, languages=("en", "de", "fr"))
WITH_PERSON = replace(BRIEF, can_put_through=True)
ASKING = replace(BRIEF, asks_consent=True)


def slot(number: int, day: int, hour: int, minute: int = 0) -> Slot:
    return Slot(
        id=UUID(int=number),
        starts_at=datetime(2026, 11, day, hour, minute, tzinfo=ZONE),
        with_whom="Doctor Reed",
        kind="check-up",
    )


def booked(number: int, day: int, hour: int) -> Booked:
    return Booked(
        appointment_id=UUID(int=number),
        starts_at=datetime(2026, 11, day, hour, tzinfo=ZONE),
        with_whom="Doctor Reed",
    )


TUESDAY_HALF_PAST_TEN = slot(1, 24, 10, 30)
TUESDAY_ELEVEN = slot(2, 24, 11)
TUESDAY_NINE = slot(3, 24, 9)
WEDNESDAY_TWO = slot(4, 25, 14)


@dataclass(slots=True)
class Conversation:
    """One call. Each turn returns the sentences the caller hears, in order."""

    tools: FakeTools = field(default_factory=FakeTools)
    brief: Brief = BRIEF
    brain: RulesBrain = field(default_factory=RulesBrain)
    dialogue: Dialogue = field(default_factory=lambda: Dialogue(language="en"))
    pieces: list[Piece] = field(default_factory=list)

    async def opens(self, *, has_heard_notice: bool = False) -> list[str]:
        return await self._happens(CallOpened(has_heard_notice=has_heard_notice))

    async def leaves(self) -> list[str]:
        return await self._happens(CallerLeft())

    async def says(
        self, text: str, *, sure: bool = True, alternatives: tuple[str, ...] = ()
    ) -> list[str]:
        words = Recognised(text=text, is_sure=sure, alternatives=alternatives)
        return await self._happens(CallerSaid(words=words))

    async def presses(self, keys: str) -> list[str]:
        heard: list[str] = []
        for digit in keys:
            heard += await self._happens(CallerPressed(digit=digit))
        return heard

    async def is_silent(self, times: int) -> list[str]:
        return await self._happens(CallerSilent(times=times))

    async def speaks_a_card(self) -> list[str]:
        return await self._happens(CardSpoken())

    async def _happens(self, happening: Happening) -> list[str]:
        moment = Moment(
            brief=self.brief, dialogue=self.dialogue, happening=happening, now=NOW
        )
        self.pieces = [piece async for piece in self.brain.reply(moment, self.tools)]
        for piece in self.pieces:
            if isinstance(piece, Remember):
                self.dialogue = piece.dialogue
        assert isinstance(self.pieces[-1], Remember | HangUp)
        return [piece.text for piece in self.pieces if isinstance(piece, Say)]

    @property
    def has_hung_up(self) -> bool:
        return HangUp() in self.pieces

    @property
    def is_put_through(self) -> bool:
        return PutThrough() in self.pieces

    def languages_said(self) -> list[str]:
        return [piece.language for piece in self.pieces if isinstance(piece, Say)]
