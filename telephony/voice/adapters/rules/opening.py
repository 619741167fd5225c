"""The beginning of a call: notice, consent, greeting, choice of language."""

from collections.abc import AsyncIterator
from typing import Final

from telephony.voice.adapters.rules.questions import ask, ask_again, expect
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.ports import Piece, Recognised, Say
from telephony.voice.spoken.answers import is_plain_yes, read_intents, read_yes_no

# Where nothing has been asked yet that would have to be asked again.
_BEGINNING: Final = frozenset({Topic.OPENING, Topic.CONSENT, Topic.HELP})


async def open_call(turn: Turn, *, has_heard_notice: bool) -> AsyncIterator[Piece]:
    """Say the notice, then begin, or go on where a line that broke has left off."""
    if not has_heard_notice:
        for sentence in _notice(turn):
            yield sentence
    is_beginning = turn.topic in _BEGINNING or turn.language not in turn.hears
    async for piece in _begin(turn) if is_beginning else _go_on(turn):
        yield piece


def _notice(turn: Turn) -> list[Say]:
    return [
        Say(text=sentence, is_interruptible=False, is_disclosure=True)
        for sentence in turn.brief.disclosure.get(turn.language, ())
    ]


async def _begin(turn: Turn) -> AsyncIterator[Piece]:
    """Ask for consent if the policy wants it, else what for."""
    question = turn.brief.consent_question.get(turn.language, "")
    if turn.brief.asks_consent and question and turn.dialogue.consent is None:
        expect(turn, Topic.CONSENT)
        yield Say(text=question)
    else:
        async for piece in greet(turn):
            yield piece


async def _go_on(turn: Turn) -> AsyncIterator[Piece]:
    """Ask once more what awaits an answer; an emergency's number comes first."""
    question = ask_again(turn)
    yield turn.say("cut_off")
    if turn.topic is Topic.EMERGENCY:
        yield turn.say("hang_up_now", emergency=turn.emergency_words())
    yield question


async def greet(turn: Turn) -> AsyncIterator[Piece]:
    """Ask what the caller wants, and name the other languages in their own words.

    Where the ear does not know the language spoken, say that instead.
    """
    if turn.language in turn.hears:
        yield ask(turn, Topic.HELP)
    else:
        yield _say_unheard(turn)
    for key, language in enumerate(turn.brief.languages, start=1):
        if language != turn.language:
            yield turn.say_in(language, "press_for_language", key=str(key))


def _say_unheard(turn: Turn) -> Say:
    """Return, in a language that the ear does not know, that it does not.

    Where sound is kept what is said next is the message. Else nothing of it would be
    left, so the staff get a note to call back when the call is over.
    """
    keeps_sound = turn.brief.keeps_sound or turn.dialogue.consent is True
    expect(turn, Topic.MESSAGE if keeps_sound else Topic.HELP)
    phrase = "language_not_heard" if keeps_sound else "language_called_back"
    ending = "_person" if turn.brief.can_put_through else ""
    return turn.say(f"{phrase}{ending}")


async def hear_consent(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Take a clear yes as consent; everything else leaves the call unrecorded."""
    answer = read_yes_no(words.text, turn.language)
    if not words.is_sure and not is_plain_yes(words.text, turn.language):
        answer = None if answer else answer
    has_wish = bool(read_intents(words.text, turn.language)) and words.is_sure
    if answer is None and not has_wish and not turn.was.misunderstood:
        turn.change(misunderstood=1)
        yield turn.say("not_understood")
        yield ask(turn, Topic.CONSENT)
        return
    async for piece in _settle_consent(turn, answer=answer, method="voice"):
        yield piece


async def press_consent(turn: Turn, digit: str) -> AsyncIterator[Piece]:
    """Take 1 as consent and 2 as refusal."""
    if digit not in "12":
        yield turn.say("not_understood")
        yield ask(turn, Topic.CONSENT)
        return
    async for piece in _settle_consent(turn, answer=digit == "1", method="key"):
        yield piece


async def silent_consent(turn: Turn) -> AsyncIterator[Piece]:
    """Go on unrecorded; nothing is written down, for nothing was answered."""
    async for piece in _settle_consent(turn, answer=None, method=""):
        yield piece


async def _settle_consent(
    turn: Turn, *, answer: bool | None, method: str
) -> AsyncIterator[Piece]:
    counts = answer is not None and await turn.tools.note_consent(
        is_given=answer, method=method
    )
    is_given = bool(answer) and counts
    turn.change(consent=is_given)
    yield turn.say("consent_given" if is_given else "consent_not_given")
    async for piece in greet(turn):
        yield piece


async def press_language(turn: Turn, digit: str) -> AsyncIterator[Piece]:
    """Go on in the language of this key, or say in it that it cannot be understood."""
    language = turn.brief.languages[int(digit) - 1]
    is_new = language != turn.language
    turn.change(language=language)
    if is_new:
        for sentence in _notice(turn):
            yield sentence
    if language not in turn.hears:
        yield _say_unheard(turn)
        return
    async for piece in _begin(turn):
        yield piece
