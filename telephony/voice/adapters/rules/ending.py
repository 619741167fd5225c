"""The end of a call."""

from collections.abc import AsyncIterator
from typing import Final

from telephony.voice.adapters.rules.questions import expect
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.dialogue import Goal
from telephony.voice.ports import HangUp, Piece, ToolRefusedError

_BOOKING: Final = frozenset(
    {
        Topic.NAME, Topic.NAME_AGAIN, Topic.WHEN, Topic.OFFER, Topic.OWN_NUMBER,
        Topic.PHONE, Topic.CONFIRM, Topic.WRONG, Topic.MENU,
    }
)  # fmt: skip
_BEGUN: Final = frozenset({Goal.CANCEL, Goal.MESSAGE, Goal.PERSON})


async def say_goodbye(turn: Turn) -> AsyncIterator[Piece]:
    """Say goodbye; what was begun and not done becomes a note to the staff."""
    if turn.was.goal is Goal.BOOK and turn.topic in _BOOKING:
        async for piece in _note_booking(turn):
            yield piece
    if turn.dialogue.payment_open:
        async for piece in _note_payment(turn):
            yield piece
    if _was_never_heard(turn):
        await _leave_note(turn, turn.phrases["note_language"])
    expect(turn, Topic.MORE)
    yield turn.say("goodbye")
    yield HangUp()


async def note_what_was_begun(turn: Turn) -> AsyncIterator[Piece]:
    """Leave the staff a note of what a caller wanted who hung up before it was done."""
    was = turn.was
    if was.payment_open:
        async for piece in _note_payment(turn):
            yield piece
        return
    if was.has_written:
        return
    if was.goal is Goal.BOOK and turn.topic in _BOOKING:
        async for piece in _note_booking(turn):
            yield piece
    elif _was_never_heard(turn):
        await _leave_note(turn, turn.phrases["note_language"])
    elif was.misunderstood or was.clip_wanted or was.goal in _BEGUN:
        text = turn.phrases["note_hung_up"]
        await turn.tools.take_message(
            text=text, name=was.name, phone=was.phone, is_urgent=False, is_note=True
        )
        turn.change(message=text, has_written=True)


def _was_never_heard(turn: Turn) -> bool:
    """Return whether the ear knows nothing of the caller's language, nor do staff."""
    return turn.language not in turn.hears and not turn.dialogue.has_written


async def _note_payment(turn: Turn) -> AsyncIterator[Piece]:
    if await _leave_note(turn, turn.phrases["note_payment"]):
        turn.change(payment_open=False)
        yield turn.say("payment_noted")


async def _note_booking(turn: Turn) -> AsyncIterator[Piece]:
    dialogue = turn.dialogue
    slot = dialogue.chosen or (dialogue.offered[-1] if dialogue.offered else None)
    note = turn.phrases["note_booking"]
    if slot:
        note = turn.phrases["note_wish"].format(slot=turn.slot_words(slot))
    if await _leave_note(turn, note):
        yield turn.say("not_booked")


async def _leave_note(turn: Turn, note: str) -> bool:
    """Leave the staff a note of ours; return whether it could be kept."""
    dialogue = turn.dialogue
    try:
        await turn.tools.take_message(
            text=note,
            name=dialogue.name,
            phone=dialogue.phone,
            is_urgent=False,
            is_note=True,
        )
    except ToolRefusedError:
        return False
    turn.change(goal=Goal.MESSAGE, message=note, has_written=True)
    return True
