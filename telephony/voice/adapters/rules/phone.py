"""The phone number of a booking, and the read-back of what the ear was unsure of."""

from collections.abc import AsyncIterator

from telephony.voice.adapters.rules.ending import say_goodbye
from telephony.voice.adapters.rules.fallback import not_understood
from telephony.voice.adapters.rules.message import start_message
from telephony.voice.adapters.rules.offering import change_time, merge, offer_next
from telephony.voice.adapters.rules.questions import ask
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.adapters.rules.writing import use_phone, write
from telephony.voice.dialogue import Wish
from telephony.voice.ports import Piece, Recognised
from telephony.voice.spoken.answers import (
    has_no,
    is_clear_yes,
    read_intents,
    read_yes_no,
    wants_other,
    wants_own_number,
)
from telephony.voice.spoken.language import Intent
from telephony.voice.spoken.phones import split_phone
from telephony.voice.spoken.wishes import read_wish


async def hear_own_number(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Take yes or no to the caller's own number, or another number in its place.

    A caller who takes leave here has accepted the slot already and gave no number, so
    it is booked under the number they call from.
    """
    text, language = words.text, turn.language
    if split_phone(text, language).digits:
        pieces = hear_phone(turn, words)
    elif _is_own(turn, words) or (words.is_sure and _takes_leave(text, language)):
        turn.change(phone="")
        pieces = write(turn)
    elif read_yes_no(text, language) is False:
        pieces = _ask_phone(turn)
    else:
        pieces = not_understood(turn)
    async for piece in pieces:
        yield piece


def _is_own(turn: Turn, words: Recognised) -> bool:
    is_named = words.is_sure and wants_own_number(words.text, turn.language)
    return is_named or is_clear_yes(words.text, turn.language, is_sure=words.is_sure)


def _takes_leave(text: str, language: str) -> bool:
    return read_intents(text, language) == (Intent.GOODBYE,)


async def _ask_phone(turn: Turn) -> AsyncIterator[Piece]:
    turn.change(phone="")
    yield ask(turn, Topic.PHONE)


async def press_own_number(turn: Turn, digit: str) -> AsyncIterator[Piece]:
    """Take 1 as yes, 2 as no."""
    turn.change(phone="")
    async for piece in write(turn) if digit == "1" else _ask_phone(turn):
        yield piece


async def hear_phone(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Take a dictated number; one the ear is unsure of is read back as a question."""
    text, language = words.text, turn.language
    digits = split_phone(f"number {text}", language).digits
    if use_phone(turn, digits):
        pieces = write(turn) if words.is_sure else _confirm(turn)
    elif words.is_sure and wants_own_number(text, language):
        turn.change(phone="")
        pieces = write(turn)
    elif digits and turn.was.misunderstood == 0:
        pieces = _ask_phone_again(turn)
    else:
        pieces = not_understood(turn)
    async for piece in pieces:
        yield piece


async def _confirm(turn: Turn) -> AsyncIterator[Piece]:
    yield ask(turn, Topic.CONFIRM)


async def _ask_phone_again(turn: Turn) -> AsyncIterator[Piece]:
    turn.change(misunderstood=turn.was.misunderstood + 1, phone="")
    question = ask(turn, Topic.PHONE)
    yield turn.say("phone_not_caught")
    yield question


async def press_phone(turn: Turn, digit: str) -> AsyncIterator[Piece]:
    """Collect keys up to the hash key; the star key begins anew.

    Between two keys nothing is said, so as not to speak over the caller's typing.
    """
    if digit == "*":
        yield ask(turn, Topic.PHONE)
    elif digit != "#":
        turn.change(keys=(turn.was.keys + digit)[-20:])
    else:
        is_good = use_phone(turn, turn.was.keys)
        async for piece in write(turn) if is_good else _ask_phone_again(turn):
            yield piece


async def hear_confirm(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Book on a clear yes; anything else books nothing."""
    if is_clear_yes(words.text, turn.language, is_sure=words.is_sure):
        pieces = write(turn)
    elif words.is_sure and Intent.GOODBYE in read_intents(words.text, turn.language):
        pieces = say_goodbye(turn)
    elif has_no(words.text, turn.language):
        pieces = _ask_what_is_wrong(turn)
    else:
        pieces = not_understood(turn)
    async for piece in pieces:
        yield piece


async def press_confirm(turn: Turn, digit: str) -> AsyncIterator[Piece]:
    """Take 1 as yes, 2 as no."""
    async for piece in write(turn) if digit == "1" else _ask_what_is_wrong(turn):
        yield piece


async def _ask_what_is_wrong(turn: Turn) -> AsyncIterator[Piece]:
    yield ask(turn, Topic.WRONG)


async def hear_wrong(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Learn what to change: the time or the number."""
    wish = read_wish(words.text, turn.language, today=turn.today)
    other = wants_other(words.text)
    if wish and wish != Wish():
        turn.change(wish=merge(turn.dialogue.wish, wish), offered=(), chosen=None)
        pieces = offer_next(turn)
    elif other == "phone":
        pieces = _ask_phone(turn)
    elif other == "time":
        pieces = change_time(turn)
    else:
        pieces = not_understood(turn)
    async for piece in pieces:
        yield piece


async def press_wrong(turn: Turn, digit: str) -> AsyncIterator[Piece]:
    """Take 1 as another time, 2 as another number, 3 as a message."""
    pieces = {"1": change_time, "2": _ask_phone, "3": start_message}.get(
        digit, not_understood
    )(turn)
    async for piece in pieces:
        yield piece
