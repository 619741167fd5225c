"""Booking: who, when, which free place, which number; then it is read back and made.

The place is always one of `Dialogue.offered`, whose id is the server's.

Next: `telephony.voice.adapters.rules.writing`, which asks the number and books.
"""

from collections.abc import AsyncIterator

from telephony.voice.adapters.rules.ending import say_goodbye
from telephony.voice.adapters.rules.fallback import (
    has_unheard_language,
    invite_other_languages,
    not_understood,
)
from telephony.voice.adapters.rules.offering import merge, offer_next
from telephony.voice.adapters.rules.offers import Answer, judge
from telephony.voice.adapters.rules.questions import ask
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.adapters.rules.writing import accept, use_phone
from telephony.voice.dialogue import Goal, Wish
from telephony.voice.ports import Piece, Recognised
from telephony.voice.spoken.answers import read_intents
from telephony.voice.spoken.language import Intent
from telephony.voice.spoken.names import read_name
from telephony.voice.spoken.phones import split_phone
from telephony.voice.spoken.wishes import read_wish, without_greetings


async def start_booking(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Begin a booking with whatever the caller has told already."""
    turn.change(goal=Goal.BOOK, chosen=None, offered=())
    said = split_phone(words.text, turn.language)
    wish = read_wish(said.rest, turn.language, today=turn.today)
    turn.change(wish=wish or turn.dialogue.wish)
    if words.is_sure:
        use_phone(turn, said.digits)
        name = read_name(words.text, turn.language, is_asked=False)
        turn.change(name=name or turn.dialogue.name)
    if turn.dialogue.name:
        async for piece in after_name(turn):
            yield piece
        return
    question = ask(turn, Topic.NAME)
    yield turn.say("book_start")
    yield question


async def hear_name(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Take the name, or a wish said in its place; ask for the name twice at most.

    Where the call is recorded it is asked for once: staff can listen to it, and a name
    that was missed is seldom caught when it is spelled again.
    """
    name = read_name(words.text, turn.language, is_asked=True) if words.is_sure else ""
    wish = read_wish(words.text, turn.language, today=turn.today)
    if wish:
        name = read_name(words.text, turn.language, is_asked=False) if name else ""
        turn.change(wish=wish)
    if name:
        turn.change(name=name)
        thanks = turn.say("name_heard", name=name)
    elif turn.topic is Topic.NAME and not turn.brief.keeps_sound:
        turn.change(misunderstood=0 if wish else turn.was.misunderstood + 1)
        yield ask(turn, Topic.NAME_AGAIN)
        return
    else:
        # Names are often missed; only where another language may be spoken does it
        # count towards giving up.
        is_doubtful = not wish and has_unheard_language(turn)
        turn.change(misunderstood=turn.was.misunderstood + 1 if is_doubtful else 0)
        thanks = turn.say("name_by_staff")
    yield thanks
    async for piece in after_name(turn):
        yield piece


async def after_name(turn: Turn) -> AsyncIterator[Piece]:
    """Go on to the offers, or ask for the wish first."""
    if turn.dialogue.wish != Wish():
        async for piece in offer_next(turn):
            yield piece
        return
    question = ask(turn, Topic.WHEN)
    invited = invite_other_languages(turn) if turn.dialogue.misunderstood > 1 else []
    yield question
    for piece in invited:
        yield piece


async def hear_when(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Take the wish and make the first offer."""
    said = split_phone(words.text, turn.language)
    wish = read_wish(said.rest, turn.language, today=turn.today)
    if wish is None:
        pieces = not_understood(turn)
    else:
        if words.is_sure:
            use_phone(turn, said.digits)
        turn.change(wish=merge(turn.dialogue.wish, wish), offered=())
        pieces = offer_next(turn)
    async for piece in pieces:
        yield piece


async def hear_offer(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Take an acceptance, a refusal or another wish."""
    said = split_phone(words.text, turn.language)
    verdict = judge(
        Answer(
            text=without_greetings(said.rest),
            language=turn.language,
            is_sure=words.is_sure,
            offered=turn.dialogue.offered,
            today=turn.today,
        )
    )
    is_leaving = words.is_sure and Intent.GOODBYE in read_intents(
        said.rest, turn.language
    )
    if verdict.accepted:
        pieces = accept(turn, verdict.accepted, said.digits, is_sure=words.is_sure)
    elif verdict.is_refused and is_leaving:
        pieces = say_goodbye(turn)
    elif verdict.wish:
        on = turn.dialogue.offered[-1].starts_at.date()
        turn.change(wish=merge(Wish(on=on), verdict.wish), offered=())
        pieces = offer_next(turn)
    elif verdict.is_refused:
        pieces = offer_next(turn)
    else:
        pieces = not_understood(turn)
    async for piece in pieces:
        yield piece


async def press_offer(turn: Turn, digit: str) -> AsyncIterator[Piece]:
    """Take 1 as yes to the offer read out last, 2 as no."""
    slot = turn.dialogue.offered[-1]
    pieces = accept(turn, slot, "", is_sure=True) if digit == "1" else offer_next(turn)
    async for piece in pieces:
        yield piece
