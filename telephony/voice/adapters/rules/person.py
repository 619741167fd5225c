"""Callers who want a person."""

from collections.abc import AsyncIterator

from telephony.voice.adapters.rules.questions import ask, expect
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.dialogue import Goal
from telephony.voice.ports import Piece, PutThrough


async def want_person(turn: Turn) -> AsyncIterator[Piece]:
    """Put the caller through where that can be had, else take a message."""
    turn.change(goal=Goal.PERSON)
    if turn.brief.can_put_through:
        expect(turn, Topic.MORE)
        yield turn.say("putting_through")
        yield PutThrough()
        return
    question = ask(turn, Topic.MESSAGE)
    yield turn.say("no_person")
    yield question
