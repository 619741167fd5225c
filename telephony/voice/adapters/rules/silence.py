"""Callers who say nothing: asked twice, then let go."""

from collections.abc import AsyncIterator

from telephony.voice.adapters.rules.ending import say_goodbye
from telephony.voice.adapters.rules.opening import silent_consent
from telephony.voice.adapters.rules.phone import press_phone
from telephony.voice.adapters.rules.questions import ask_again
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.ports import HangUp, Piece

_LAST = 3


async def bear_silence(turn: Turn, times: int) -> AsyncIterator[Piece]:
    """Ask whether the caller is still there; the third time say goodbye and hang up."""
    if turn.topic is Topic.CONSENT:
        pieces = silent_consent(turn)
    elif turn.topic is Topic.EMERGENCY:
        pieces = _remind(turn, is_last=times >= _LAST)
    elif turn.topic is Topic.PHONE and turn.was.keys:
        # The number was typed and the hash key forgotten.
        pieces = press_phone(turn, "#")
    elif times >= _LAST:
        pieces = say_goodbye(turn)
    else:
        pieces = _ask(turn)
    async for piece in pieces:
        yield piece


async def _ask(turn: Turn) -> AsyncIterator[Piece]:
    question = ask_again(turn)
    yield turn.say("still_there")
    yield question


async def _remind(turn: Turn, *, is_last: bool) -> AsyncIterator[Piece]:
    question = ask_again(turn)
    yield turn.say("hang_up_now", emergency=turn.emergency_words())
    if is_last:
        yield HangUp()
    else:
        yield question
