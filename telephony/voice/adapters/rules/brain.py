"""The brain without a model: rules, tables and keys. It needs no key and no network.

It answers when no vendor is set and when every vendor is down, so it is brief, tells
the truth about itself, and would rather leave a message than book wrongly.

Next: `telephony.voice.adapters.rules.hearing` for words, `.keys` for keys.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

from telephony.voice.adapters.rules.ending import note_what_was_begun
from telephony.voice.adapters.rules.hearing import hear
from telephony.voice.adapters.rules.keys import press
from telephony.voice.adapters.rules.message import start_message
from telephony.voice.adapters.rules.opening import open_call
from telephony.voice.adapters.rules.payments import refuse_card
from telephony.voice.adapters.rules.phrases.known import PHRASES
from telephony.voice.adapters.rules.silence import bear_silence
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.dialogue import Dialogue
from telephony.voice.ports import (
    CallerLeft,
    CallerPressed,
    CallerSaid,
    CallerSilent,
    CallOpened,
    HangUp,
    Moment,
    Piece,
    Remember,
    ToolRefusedError,
    Tools,
)

ENGLISH_ONLY: Final = frozenset({"en"})


class RulesBrain:
    """Implements `telephony.voice.ports.LanguageModel`.

    Args:
        hears: The languages in which the ear of the same line understands anything;
            speakers of the others are told so in their own.
    """

    name = "rules"

    def __init__(self, *, hears: frozenset[str] = ENGLISH_ONLY) -> None:
        self._hears = hears

    async def reply(self, moment: Moment, tools: Tools) -> AsyncIterator[Piece]:
        """Yield what to say and remember.

        The dialogue is remembered before each sentence that follows a change of it, so
        that a caller who speaks over the sentence is answered where we really stand.
        The last piece is always `Remember` or `HangUp`.
        """
        turn = _begin(moment, tools, self._hears)
        remembered: Dialogue | None = None
        async for piece in _answer(turn):
            if turn.dialogue != remembered:
                remembered = turn.dialogue
                yield Remember(dialogue=remembered)
            yield piece
            if isinstance(piece, HangUp):
                return
        yield Remember(dialogue=turn.dialogue)


def _begin(moment: Moment, tools: Tools, hears: frozenset[str]) -> Turn:
    """Return the turn with the dialogue as if the caller had been understood."""
    dialogue = moment.dialogue
    if dialogue.language not in PHRASES:
        spoken = [one for one in moment.brief.languages if one in PHRASES]
        dialogue = replace(dialogue, language=spoken[0] if spoken else "en")
    now = dialogue
    if isinstance(moment.happening, CallerSaid | CallerPressed):
        now = replace(dialogue, misunderstood=0, clip_wanted=False)
    return Turn(moment=moment, tools=tools, hears=hears, dialogue=now, was=dialogue)


async def _answer(turn: Turn) -> AsyncIterator[Piece]:
    """Yield the answer; when the books cannot be read, say so and take a message."""
    try:
        async for piece in _pieces(turn):
            yield piece
    except ToolRefusedError:
        if isinstance(turn.moment.happening, CallerLeft):
            raise
        yield turn.say("books_away")
        async for piece in start_message(turn):
            yield piece


def _pieces(turn: Turn) -> AsyncIterator[Piece]:
    match turn.moment.happening:
        case CallOpened(has_heard_notice=has_heard_notice):
            return open_call(turn, has_heard_notice=has_heard_notice)
        case CallerSaid(words=words):
            return hear(turn, words)
        case CallerPressed(digit=digit):
            return press(turn, digit)
        case CallerLeft():
            return note_what_was_begun(turn)
        case CallerSilent(times=times):
            return bear_silence(turn, times)
        case _:
            return refuse_card(turn)
