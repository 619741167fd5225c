"""The beginning of a call: notice, consent, greeting, choice of language."""

from collections.abc import AsyncIterator

from telephony.voice.adapters.rules.questions import ask, expect
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.ports import Piece, Recognised, Say
from telephony.voice.spoken.answers import is_plain_yes, read_intents, read_yes_no


async def open_call(turn: Turn) -> AsyncIterator[Piece]:
    """Say the notice, then ask for consent if the policy wants it, else what for."""
    for sentence in turn.brief.disclosure.get(turn.language, ()):
        yield Say(text=sentence, is_interruptible=False, is_disclosure=True)
    question = turn.brief.consent_question.get(turn.language, "")
    if turn.brief.asks_consent and question and turn.dialogue.consent is None:
        expect(turn, Topic.CONSENT)
        yield Say(text=question)
    else:
        async for piece in greet(turn):
            yield piece


async def greet(turn: Turn) -> AsyncIterator[Piece]:
    """Ask what the caller wants, and name the other languages in their own words."""
    yield ask(turn, Topic.HELP)
    for key, language in enumerate(turn.brief.languages, start=1):
        if language != turn.language:
            yield turn.say_in(language, "press_for_language", key=str(key))


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
    if language in turn.hears:
        async for piece in open_call(turn) if is_new else greet(turn):
            yield piece
        return
    for sentence in turn.brief.disclosure.get(language, ()):
        yield Say(text=sentence, is_interruptible=False, is_disclosure=True)
    expect(turn, Topic.MESSAGE)
    has_person = turn.brief.can_put_through
    yield turn.say("language_not_heard_person" if has_person else "language_not_heard")
