"""Cancelling an appointment found by the number the caller calls from."""

from collections.abc import AsyncIterator

from telephony.voice.adapters.rules.ending import say_goodbye
from telephony.voice.adapters.rules.fallback import not_understood
from telephony.voice.adapters.rules.message import start_message
from telephony.voice.adapters.rules.questions import ask
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.dialogue import Booked, Goal, Wish
from telephony.voice.ports import Piece, Recognised, ToolRefusedError
from telephony.voice.spoken.answers import has_no, read_intents, read_yes_no
from telephony.voice.spoken.language import Intent
from telephony.voice.spoken.wishes import read_wish


async def start_cancelling(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Find the caller's appointments and read out the one that seems to be meant."""
    wish = read_wish(words.text, turn.language, today=turn.today) or Wish()
    turn.change(goal=Goal.CANCEL, own=(), wish=wish)
    async for piece in _name_next(turn):
        yield piece


async def _name_next(turn: Turn) -> AsyncIterator[Piece]:
    tried = turn.dialogue.own
    found = await turn.tools.find_own_appointments()
    left = [one for one in found if one not in tried]
    if left:
        turn.change(own=(*tried, _likeliest(turn, left)))
        yield ask(turn, Topic.CANCEL)
    elif tried:
        question = ask(turn, Topic.MORE)
        yield turn.say("nothing_cancelled")
        yield question
    else:
        yield turn.say("none_found")
        async for piece in start_message(turn):
            yield piece


def _likeliest(turn: Turn, appointments: list[Booked]) -> Booked:
    """Return the first appointment on the day that was named, else the next one."""
    on = turn.dialogue.wish.on
    ordered = sorted(appointments, key=lambda one: one.starts_at)
    return next((one for one in ordered if one.starts_at.date() == on), ordered[0])


async def hear_cancel(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Cancel on a yes that was surely heard; a no goes on to the next appointment."""
    answer = read_yes_no(words.text, turn.language)
    intents = read_intents(words.text, turn.language)
    if answer and words.is_sure:
        pieces = _cancel(turn)
    elif words.is_sure and Intent.GOODBYE in intents:
        pieces = say_goodbye(turn)
    elif answer is False and has_no(words.text, turn.language):
        pieces = _name_next(turn)
    else:
        pieces = not_understood(turn)
    async for piece in pieces:
        yield piece


async def press_cancel(turn: Turn, digit: str) -> AsyncIterator[Piece]:
    """Take 1 as yes, 2 as no."""
    async for piece in _cancel(turn) if digit == "1" else _name_next(turn):
        yield piece


async def _cancel(turn: Turn) -> AsyncIterator[Piece]:
    appointment = turn.dialogue.own[-1]
    try:
        await turn.tools.cancel(appointment.appointment_id)
    except ToolRefusedError:
        yield turn.say("cannot_cancel")
        async for piece in start_message(turn):
            yield piece
        return
    turn.change(has_written=True, misunderstood=0)
    question = ask(turn, Topic.MORE)
    yield turn.say("cancelled", slot=turn.slot_words(appointment))
    yield question
