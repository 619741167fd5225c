"""Messages for the staff."""

from collections.abc import AsyncIterator

from telephony.voice.adapters.rules.questions import ask
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.dialogue import Goal
from telephony.voice.ports import Piece, Recognised, ToolRefusedError


async def start_message(turn: Turn) -> AsyncIterator[Piece]:
    """Ask for the message; the caller's next utterance is kept as sound."""
    if turn.dialogue.goal is not Goal.EMERGENCY:
        turn.change(goal=Goal.MESSAGE)
    yield ask(turn, Topic.MESSAGE)


async def hear_message(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Take whatever was said as the message; its sound goes along."""
    async for piece in leave_message(turn, words.text):
        yield piece


async def leave_message(turn: Turn, text: str) -> AsyncIterator[Piece]:
    """Leave this for the staff and say so.

    Languages the ear does not know are told too: their speaker may just have spoken.
    """
    is_urgent = turn.was.goal is Goal.EMERGENCY
    try:
        await turn.tools.take_message(
            text=text,
            name=turn.dialogue.name,
            phone=turn.dialogue.phone,
            is_urgent=is_urgent,
        )
    except ToolRefusedError:
        yield turn.say("message_failed")
        yield ask(turn, Topic.MORE)
        return
    turn.change(message=text, has_written=True, misunderstood=0)
    if not is_urgent:
        turn.change(goal=Goal.MESSAGE)
    more = ask(turn, Topic.MORE)
    yield turn.say("message_taken")
    for language in _unheard(turn):
        yield turn.say_in(language, "message_taken")
    yield more


def _unheard(turn: Turn) -> list[str]:
    """Return the languages whose speakers may have left the message unnoticed."""
    if turn.language not in turn.hears:
        return []
    return [one for one in turn.brief.languages if one not in turn.hears]
