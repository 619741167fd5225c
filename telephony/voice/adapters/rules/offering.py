"""Offering free places, one at a time and at most three in a row."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from telephony.voice.adapters.rules.message import start_message
from telephony.voice.adapters.rules.questions import ask
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.dialogue import Slot, Wish
from telephony.voice.ports import Piece

_MOST_OFFERS: Final = 3


def merge(old: Wish, new: Wish) -> Wish:
    """Return the new wish, on the old one's day where it names none."""
    if new == Wish():
        return new
    return replace(new, on=new.on or old.on)


async def offer_next(turn: Turn) -> AsyncIterator[Piece]:
    """Read out a free place that was not refused yet, at most three in a row."""
    offered = turn.dialogue.offered
    slot = await _find(turn) if len(offered) < _MOST_OFFERS else None
    is_widened = slot is None and not offered and turn.dialogue.wish != Wish()
    if is_widened:
        turn.change(wish=Wish())
        slot = await _find(turn)
    if slot:
        turn.change(offered=(*offered, slot), chosen=None)
        question = ask(turn, Topic.OFFER)
        if is_widened:
            yield turn.say("nothing_then")
        yield question
        return
    async for piece in _no_offer(turn):
        yield piece


async def _find(turn: Turn) -> Slot | None:
    """Return the free place nearest to the wish that was not offered yet, or None."""
    wish = turn.dialogue.wish
    tried = {slot.id for slot in turn.dialogue.offered}
    zone = ZoneInfo(turn.brief.timezone)
    slots = [
        replace(slot, starts_at=slot.starts_at.astimezone(zone))
        for slot in await turn.tools.find_slots(wish)
        if slot.id not in tried
    ]
    near = wish.near
    if near is None:
        return min(slots, key=lambda slot: slot.starts_at, default=None)
    return min(
        slots,
        key=lambda slot: abs(slot.starts_at.hour * 60 + slot.starts_at.minute - near),
        default=None,
    )


async def _no_offer(turn: Turn) -> AsyncIterator[Piece]:
    """Ask for another day if there were offers, else for a message."""
    if turn.dialogue.offered:
        turn.change(wish=Wish(), offered=(), chosen=None)
        question = ask(turn, Topic.WHEN)
        yield turn.say("no_more_times")
        yield question
        return
    yield turn.say("no_times_at_all")
    async for piece in start_message(turn):
        yield piece


async def change_time(turn: Turn) -> AsyncIterator[Piece]:
    """Ask for another day and time."""
    turn.change(chosen=None, offered=(), wish=Wish())
    yield ask(turn, Topic.WHEN)
