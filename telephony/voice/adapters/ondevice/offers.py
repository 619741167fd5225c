"""The rules of the offer state, made from the slots that were read out."""

from collections.abc import Sequence

from telephony.voice.adapters.ondevice.english.numbers import (
    MONTHS,
    WEEKDAYS,
    clock_phrases,
    ordinal,
)
from telephony.voice.dialogue import Slot


def offer_rules(offered: Sequence[Slot]) -> dict[str, str]:
    """Return the rule ``offered``: each slot by day, by time, or by both.

    "Tuesday the twenty fourth at half past ten" may be answered by any part of itself;
    which slot is meant is for the brain to say.
    """
    if not offered:
        return {}
    return {"offered": " | ".join(_slot_rule(slot) for slot in offered)}


def _slot_rule(slot: Slot) -> str:
    at = slot.starts_at
    day = ordinal(at.day)
    month = MONTHS[at.month - 1]
    date = f"the {day} [of {month}] | {month} [the] {day}"
    weekday = WEEKDAYS[at.weekday()]
    half_day = "morning" if at.hour < 12 else "afternoon"
    meridiem = "a_ m_" if at.hour < 12 else "p_ m_"
    clock = " | ".join(clock_phrases(at.hour, at.minute))
    time = f"({clock}) [{meridiem} | in the {half_day}]"
    # The day alone is heard, too, but less often than the time.
    return (
        f"/4/ [on | the] [{weekday}] [{date}] [at] {time}"
        f" | [on] {weekday} [{date}] [{half_day}] | /0.5/ {date}"
    )


def slot_words(slot: Slot) -> frozenset[str]:
    """Return every word that may matter in an answer that takes this slot."""
    at = slot.starts_at
    phrases = (
        WEEKDAYS[at.weekday()],
        ordinal(at.day),
        MONTHS[at.month - 1],
        "morning" if at.hour < 12 else "afternoon",
        *clock_phrases(at.hour, at.minute),
        "yes",
    )
    return frozenset(word for phrase in phrases for word in phrase.split())
