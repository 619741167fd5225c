"""What of a sentence matters in a state, so that two readings can be held together.

Two decoders rarely hear the same little words. They agree when what matters is the same
and in the same order: the day and the hour, the yes, the digits, the name.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from telephony.voice.adapters.ondevice.english.names import FIRST_NAMES, SURNAMES
from telephony.voice.adapters.ondevice.english.numbers import (
    DIGITS,
    MONTHS,
    WEEKDAYS,
    cardinal,
    ordinal,
)
from telephony.voice.dialogue import Expecting

Gist = tuple[str, ...]


def _as(meaning: str, words: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), meaning)


def _same(words: Iterable[str]) -> dict[str, str]:
    return {word: word for phrase in words for word in phrase.split()}


_DIGITS: Final = {**_same(DIGITS), "oh": "zero"}
_TIME: Final = {
    **_same(cardinal(number) for number in range(1, 60)),
    **_same(("half", "past", "quarter", "noon", "midday")),
    **_as("after", "after from"),
    **_as("before", "before"),
}
_DAY: Final = {
    **_same(WEEKDAYS),
    **_same(MONTHS),
    **_same(ordinal(day) for day in range(1, 32)),
    **_same(("today", "tomorrow", "week", "next", "morning", "afternoon", "evening")),
}
_ESCAPE: Final = {
    **_as("person", "person human receptionist robot machine"),
    **_as("message", "message"),
    **_as("again", "repeat pardon"),
}
ESCAPES: Final = frozenset(_ESCAPE.values())
_TASK: Final = {
    **_ESCAPE,
    **_as("cancel", "cancel reschedule move change"),
    **_as("book", "appointment book schedule visit checkup check cleaning see"),
    **_as("hours", "hours open close"),
    **_as("where", "located where address"),
    **_as("parking", "parking park"),
    **_as("cost", "cost"),
    **_as("insurance", "insurance"),
    **_as("bill", "bill pay dollars"),
    **_as("emergency", "pain numb breathe breathing ambulance emergency bleeding attack"
          " stroke seizure unconscious choking collapsed overdose kill hurt die"
          " drooping hurts swelling allergic fainted blood heart chest"),
}  # fmt: skip
_YES: Final = _as("yes", "yes yeah yep sure correct exactly right agree course")
_NO: Final = _as("no", "no nope not wrong don't incorrect none can't doesn't")
_FINE: Final = _as(
    "yes", "perfect fine great good okay works wonderful best works yes yeah yep sure"
)
_OTHER: Final = {
    word: word for word in ("later", "earlier", "else", "another", "different", "last")
}
_DONE: Final = _as("done", "everything all nothing bye goodbye thanks thank no nope")
_MORE: Final = _as("more", "question more actually")
_TOPIC: Final = _same(
    [
        "prescription results blood bill insurance medication tooth referral medicine",
        "records call back late doctor dentist nurse hygienist refill",
    ]
)

_MATTERS: Final[Mapping[Expecting, Mapping[str, str]]] = {
    Expecting.ANYTHING: {**_YES, **_NO, **_TIME, **_DAY, **_TASK, **_DIGITS},
    Expecting.INTENT: {**_TASK, **_DAY, "yes": "yes", "no": "no"},
    Expecting.WHEN: {**_ESCAPE, **_TIME, **_DAY, "soon": "soon", "available": "soon"},
    Expecting.OFFER: {**_ESCAPE, **_FINE, **_NO, **_OTHER, **_TIME, **_DAY},
    Expecting.YES_NO: {**_ESCAPE, **_YES, **_NO},
    Expecting.NAME: {**_ESCAPE, **_same(FIRST_NAMES), **_same(SURNAMES)},
    Expecting.PHONE: {**_ESCAPE, **_DIGITS, **_as("this", "this calling"), "no": "no"},
    Expecting.MESSAGE: {**_ESCAPE, **_TOPIC, **_DAY, **_DIGITS, "book": "book"},
    Expecting.CLOSING: {**_TASK, **_DONE, **_MORE, **_YES},
}
# Where one word of a kind says it all, its repetition and its place do not matter.
_AS_SET: Final = frozenset(
    {Expecting.INTENT, Expecting.YES_NO, Expecting.CLOSING, Expecting.MESSAGE}
)
_SOFT: Final = frozenset({"yes", "done"})  # politeness, where something else was said


def gist_of(text: str, state: Expecting) -> Gist:
    """Return what matters in the words; empty when nothing does."""
    known = _MATTERS[state]
    gist = [known[word] for word in text.split() if word in known]
    if state is Expecting.NAME:
        return tuple(dict.fromkeys(gist))  # a surname said twice is one name
    if state in _AS_SET:
        gist = sorted(set(gist))
    if state in (Expecting.OFFER, Expecting.CLOSING, Expecting.INTENT):
        hard = [meaning for meaning in gist if meaning not in _SOFT]
        gist = hard or sorted(set(gist))
    return tuple(gist)
