"""From an accepted slot to the diary: number, read-back, booking.

Nothing is written that was not accepted or read back. What the ear was unsure of is
read back as a question and needs a yes or the key 1.
"""

from collections.abc import AsyncIterator
from typing import Final

from telephony.voice.adapters.rules.fallback import not_understood
from telephony.voice.adapters.rules.message import start_message
from telephony.voice.adapters.rules.offering import offer_next
from telephony.voice.adapters.rules.questions import ask
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.dialogue import Goal, Slot
from telephony.voice.ports import Piece, ToolRefusedError
from telephony.voice.spoken.phones import is_phone

_NORTH_AMERICAN: Final = "911"


def use_phone(turn: Turn, digits: str) -> bool:
    """Note the number if it can be dialled, and return whether it can."""
    is_american = turn.brief.emergency_number == _NORTH_AMERICAN
    if not is_phone(digits, is_north_american=is_american):
        return False
    turn.change(phone=digits)
    return True


async def accept(
    turn: Turn, slot: Slot, digits: str, *, is_sure: bool
) -> AsyncIterator[Piece]:
    """Keep the accepted slot and go on to the phone number.

    Args:
        digits: The number said in the same breath, empty if none was.
    """
    turn.change(chosen=slot, goal=Goal.BOOK)
    if digits and not use_phone(turn, digits):
        question = ask(turn, Topic.OWN_NUMBER)
        yield turn.say("phone_not_caught")
        yield question
    elif not turn.dialogue.phone:
        yield ask(turn, Topic.OWN_NUMBER)
    elif digits and not is_sure:
        yield ask(turn, Topic.CONFIRM)
    else:
        async for piece in write(turn):
            yield piece


async def write(turn: Turn) -> AsyncIterator[Piece]:
    """Read everything back once and book it; if it has gone, offer another."""
    slot = turn.dialogue.chosen
    if slot is None or slot not in turn.dialogue.offered:
        pieces = not_understood(turn)
    else:
        pieces = _book(turn, slot)
    async for piece in pieces:
        yield piece


async def _book(turn: Turn, slot: Slot) -> AsyncIterator[Piece]:
    spoken = turn.slot_words(slot)
    name, phone = turn.name_words(), turn.phone_words()
    yield turn.say("read_back", slot=spoken, name=name, phone=phone)
    try:
        is_booked = await turn.tools.book(
            slot.id, name=turn.dialogue.name, phone=turn.dialogue.phone
        )
    except ToolRefusedError:
        yield turn.say("cannot_book")
        async for piece in start_message(turn):
            yield piece
        return
    if is_booked:
        turn.change(has_written=True, misunderstood=0)
        more = ask(turn, Topic.MORE)
        yield turn.say("booked")
        yield more
        return
    turn.change(chosen=None)
    yield turn.say("just_gone")
    async for piece in offer_next(turn):
        yield piece
