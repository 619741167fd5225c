"""Payments: never by phone; the staff can send a link."""

from collections.abc import AsyncIterator

from telephony.voice.adapters.rules.ending import say_goodbye
from telephony.voice.adapters.rules.fallback import not_understood
from telephony.voice.adapters.rules.message import leave_message
from telephony.voice.adapters.rules.questions import ask
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.ports import Piece, Recognised, Say
from telephony.voice.spoken.answers import has_no, is_clear_yes, read_intents
from telephony.voice.spoken.language import Intent


async def refuse_card(turn: Turn) -> AsyncIterator[Piece]:
    """Say that card numbers are never taken and were not kept; offer a link."""
    question = _offer_link(turn)
    yield turn.say("no_cards", is_interruptible=False)
    yield question


async def want_to_pay(turn: Turn) -> AsyncIterator[Piece]:
    """Say that payments are not taken by phone; offer a link."""
    question = _offer_link(turn)
    yield turn.say("no_payments")
    yield question


def _offer_link(turn: Turn) -> Say:
    turn.change(payment_open=True)
    return ask(turn, Topic.LINK)


async def hear_link(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Ask the staff for a payment link if the caller wants one."""
    text, language = words.text, turn.language
    intents = read_intents(text, language) if words.is_sure else ()
    is_no = has_no(text, language)
    if is_no and words.is_sure:
        turn.change(payment_open=False)
    is_wanted = Intent.PAY in intents or is_clear_yes(
        text, language, is_sure=words.is_sure
    )
    if is_wanted and not is_no:
        pieces = _send_link(turn, is_leaving=Intent.GOODBYE in intents)
    elif Intent.GOODBYE in intents:
        pieces = say_goodbye(turn)
    elif is_no:
        pieces = _no_link(turn)
    else:
        pieces = not_understood(turn)
    async for piece in pieces:
        yield piece


async def press_link(turn: Turn, digit: str) -> AsyncIterator[Piece]:
    """Take 1 as yes, 2 as no."""
    if digit == "2":
        turn.change(payment_open=False)
    pieces = _send_link(turn, is_leaving=False) if digit == "1" else _no_link(turn)
    async for piece in pieces:
        yield piece


async def _no_link(turn: Turn) -> AsyncIterator[Piece]:
    yield ask(turn, Topic.MORE)


async def _send_link(turn: Turn, *, is_leaving: bool) -> AsyncIterator[Piece]:
    turn.change(payment_open=False)
    async for piece in leave_message(turn, turn.phrases["link_wanted"]):
        is_question = isinstance(piece, Say) and piece.text == turn.phrases["ask_more"]
        if not (is_leaving and is_question):
            yield piece
    if is_leaving:
        async for piece in say_goodbye(turn):
            yield piece
