"""What is done when the caller was not understood: again, then keys, then a person."""

from collections.abc import AsyncIterator

from telephony.voice.adapters.rules.ending import say_goodbye
from telephony.voice.adapters.rules.message import leave_message, start_message
from telephony.voice.adapters.rules.person import want_person
from telephony.voice.adapters.rules.questions import ask_again, expect
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.ports import Piece


async def not_understood(turn: Turn) -> AsyncIterator[Piece]:
    """Ask again; the second time in a row name the keys, the third end it kindly."""
    times = turn.was.misunderstood + 1
    turn.change(misunderstood=times)
    if turn.topic is Topic.MORE and times > 1:
        pieces = say_goodbye(turn)
    elif times == 1:
        pieces = _ask_once_more(turn)
    elif times == 2:
        pieces = _name_the_keys(turn)
    else:
        pieces = _give_up(turn)
    async for piece in pieces:
        yield piece


async def _ask_once_more(turn: Turn) -> AsyncIterator[Piece]:
    question = ask_again(turn)
    yield turn.say("not_understood")
    yield question


async def _name_the_keys(turn: Turn) -> AsyncIterator[Piece]:
    has_person = turn.brief.can_put_through
    expect(turn, Topic.MENU)
    invited = invite_other_languages(turn)
    if not invited:
        yield turn.say("menu" if has_person else "menu_no_person")
        return
    # Whoever did not understand us speaks again before a long menu has ended: what is
    # meant for them comes first.
    yield turn.say("not_understood")
    for piece in invited:
        yield piece
    yield turn.say("ask_menu" if has_person else "ask_menu_no_person")


def invite_other_languages(turn: Turn) -> list[Piece]:
    """Return, for each other language, what its speakers can do, in their words.

    Where the ear does not know a language its speaker may leave a message at once, so
    the next utterance is kept as sound.
    """
    pieces: list[Piece] = []
    ending = "_person" if turn.brief.can_put_through else ""
    menu = "ask_menu" if turn.brief.can_put_through else "ask_menu_no_person"
    for language in turn.brief.languages:
        if language == turn.language:
            continue
        if language in turn.hears:
            pieces.append(turn.say_in(language, menu))
        else:
            turn.change(clip_wanted=True)
            pieces.append(turn.say_in(language, f"language_not_heard{ending}"))
    return pieces


async def _give_up(turn: Turn) -> AsyncIterator[Piece]:
    """Take what was said as the message if one was invited, else find another way."""
    is_message = turn.was.clip_wanted and has_unheard_language(turn)
    if is_message:
        # The words are a guess in the wrong language; the sound is what counts.
        pieces = leave_message(turn, "")
    elif turn.brief.can_put_through:
        pieces = want_person(turn)
    else:
        pieces = start_message(turn)
    async for piece in pieces:
        yield piece


def has_unheard_language(turn: Turn) -> bool:
    """Return whether the clinic answers in a language this ear does not know."""
    return any(language not in turn.hears for language in turn.brief.languages)
