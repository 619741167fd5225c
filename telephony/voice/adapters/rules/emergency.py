"""Emergencies: the number first, whatever else was going on."""

import re
from collections.abc import AsyncIterator
from typing import Final

from telephony.voice.adapters.rules.questions import ask, expect
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.dialogue import Goal
from telephony.voice.ports import HangUp, Piece, Recognised
from telephony.voice.spoken.answers import is_clear_yes
from telephony.voice.spoken.words import fold

_WILL_CALL: Final = re.compile(
    r"\b(?:ill call|i will call|calling (?:them|now)|call them|hang(?:ing)? up"
    r"|ich rufe|rufe .*an|lege auf|jappelle|je vais appeler|je raccroche)\b"
)
_NO_EMERGENCY: Final = re.compile(
    r"\b(?:no|not an|isnt an|kein|pas une) (?:emergency|notfall|urgence)\b"
)


def say_number(turn: Turn) -> Piece:
    """Return the sentence with the emergency number, to be heard to its end."""
    number = turn.emergency_words()
    return turn.say("emergency", is_interruptible=False, emergency=number)


async def warn(turn: Turn) -> AsyncIterator[Piece]:
    """Say the emergency number, note it, and offer to go on."""
    is_news = turn.was.goal is not Goal.EMERGENCY
    expect(turn, Topic.EMERGENCY)
    turn.change(goal=Goal.EMERGENCY)
    yield say_number(turn)
    if is_news:
        await turn.tools.note_emergency()
    yield ask(turn, Topic.EMERGENCY)


async def hear_after_warning(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Let the caller go and call, or go on; whatever is unclear is told the number."""
    folded = fold(words.text)
    is_over = bool(_NO_EMERGENCY.search(folded)) and words.is_sure
    if words.is_sure and _WILL_CALL.search(folded):
        yield turn.say("hang_up_now", emergency=turn.emergency_words())
        yield HangUp()
    elif is_over or is_clear_yes(words.text, turn.language, is_sure=words.is_sure):
        yield ask(turn, Topic.HELP)
    else:
        question = ask(turn, Topic.EMERGENCY)
        yield turn.say("hang_up_now", emergency=turn.emergency_words())
        yield question


async def press_after_warning(turn: Turn, _digit: str) -> AsyncIterator[Piece]:
    """Go on on key 1; the other keys have their usual meaning."""
    yield ask(turn, Topic.HELP)
