"""One turn of the conversation, as the goals of this brain see it."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from telephony.voice.adapters.rules.phrases.known import phrases_of
from telephony.voice.adapters.rules.topics import Topic, topic_of
from telephony.voice.dialogue import Booked, Brief, Dialogue, Slot
from telephony.voice.ports import Moment, Piece, Recognised, Say, Tools
from telephony.voice.spoken.saying import say_date, say_phone, say_time


@dataclass(slots=True, kw_only=True)
class Turn:
    """What happened, what may be done about it, and where the dialogue stands now.

    Attributes:
        hears: Languages in which the ear of this line understands anything.
        dialogue: Changed as the turn goes on; the brain remembers it.
        was: The dialogue as it stood before this turn.
    """

    moment: Moment
    tools: Tools
    hears: frozenset[str]
    dialogue: Dialogue
    was: Dialogue

    @property
    def brief(self) -> Brief:
        """Return what is known of the clinic."""
        return self.moment.brief

    @property
    def language(self) -> str:
        """Return the language spoken now."""
        return self.dialogue.language

    @property
    def phrases(self) -> Mapping[str, str]:
        """Return the phrases of the language spoken now."""
        return phrases_of(self.language)

    @property
    def topic(self) -> Topic:
        """Return the question that awaits an answer."""
        return topic_of(self.dialogue.topic)

    @property
    def today(self) -> date:
        """Return the day in the clinic's zone."""
        return self.moment.now.astimezone(ZoneInfo(self.brief.timezone)).date()

    def change(self, **changes: Any) -> None:
        """Put these values into the dialogue."""
        self.dialogue = replace(self.dialogue, **changes)

    def say(self, phrase: str, *, is_interruptible: bool = True, **words: str) -> Say:
        """Return a phrase in the language spoken now."""
        text = self.phrases[phrase].format(**words)
        return Say(text=text, is_interruptible=is_interruptible)

    def say_words(self, phrase: str, words: Mapping[str, str]) -> Say:
        """Return a phrase with these words put in."""
        return Say(text=self.phrases[phrase].format(**words))

    def say_in(self, language: str, phrase: str, **words: str) -> Say:
        """Return a phrase in another language."""
        return Say(text=phrases_of(language)[phrase].format(**words), language=language)

    def slot_words(self, slot: Slot | Booked) -> str:
        """Return a slot as it is read out: weekday, date, time, person."""
        starts_at = slot.starts_at.astimezone(ZoneInfo(self.brief.timezone))
        return self.phrases["slot"].format(
            date=say_date(starts_at.date(), self.language),
            time=say_time(starts_at.time(), self.language),
            whom=slot.with_whom,
        )

    def name_words(self) -> str:
        """Return whom the booking is for."""
        return self.dialogue.name or self.phrases["nobody"]

    def phone_words(self) -> str:
        """Return the number we note, as it is read out."""
        spoken = say_phone(self.dialogue.phone, self.language)
        return spoken or self.phrases["own_number"]

    def emergency_words(self) -> str:
        """Return the emergency number digit by digit."""
        return self.brief.emergency_number


Goalwards = Callable[[Turn], AsyncIterator[Piece]]
Answering = Callable[[Turn, Recognised], AsyncIterator[Piece]]
Pressing = Callable[[Turn, str], AsyncIterator[Piece]]
