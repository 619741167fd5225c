"""What a spoken turn leads to.

An emergency outranks everything. Then come wishes that hold anywhere (a person, a
message, a fact), then the answer to the question that was asked.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Final

from telephony.voice.adapters.rules.booking import (
    hear_name,
    hear_offer,
    hear_when,
    start_booking,
)
from telephony.voice.adapters.rules.cancelling import hear_cancel, start_cancelling
from telephony.voice.adapters.rules.emergency import (
    hear_after_warning,
    say_number,
    warn,
)
from telephony.voice.adapters.rules.ending import say_goodbye
from telephony.voice.adapters.rules.facts import (
    FACTS,
    repeat,
    tell_fact,
    tell_what_we_are,
)
from telephony.voice.adapters.rules.fallback import (
    has_unheard_language,
    not_understood,
)
from telephony.voice.adapters.rules.message import (
    hear_message,
    leave_message,
    start_message,
)
from telephony.voice.adapters.rules.opening import hear_consent
from telephony.voice.adapters.rules.payments import hear_link, want_to_pay
from telephony.voice.adapters.rules.person import want_person
from telephony.voice.adapters.rules.phone import (
    hear_confirm,
    hear_own_number,
    hear_phone,
    hear_wrong,
)
from telephony.voice.adapters.rules.questions import ask
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Answering, Turn
from telephony.voice.ports import Piece, Recognised
from telephony.voice.safety import find_emergency
from telephony.voice.spoken.answers import (
    is_clear_yes,
    read_intents,
    read_yes_no,
    says_thanks,
)
from telephony.voice.spoken.language import Intent
from telephony.voice.spoken.names import read_name
from telephony.voice.spoken.phones import split_phone
from telephony.voice.spoken.wishes import read_wish

# Questions that are as open as "How can I help you?"
_OPEN: Final = frozenset({Topic.OPENING, Topic.HELP, Topic.MENU, Topic.MORE})

_LONGEST_COMMAND: Final = 8

# Meant anywhere in the conversation, if surely heard.
_ANYWHERE: Final = frozenset(
    {Intent.ROBOT, Intent.PERSON, Intent.MOVE, Intent.MESSAGE, Intent.PAY,
     Intent.CANCEL, Intent.REPEAT, *FACTS}
)  # fmt: skip

_LEFT_BY_GOODBYE: Final = frozenset(
    {Topic.NAME, Topic.NAME_AGAIN, Topic.WHEN, Topic.PHONE, Topic.WRONG}
)

# What an intent's words mean as an answer to these questions, and are left to them.
_ANSWERS: Final[Mapping[Topic, frozenset[Intent]]] = {
    Topic.CONSENT: frozenset(Intent) - {Intent.ROBOT, Intent.REPEAT},
    Topic.MESSAGE: frozenset(Intent),
    # Bill Parker has a name, not a wish to pay or to park.
    Topic.NAME: frozenset({Intent.PAY, *FACTS}),
    Topic.NAME_AGAIN: frozenset({Intent.PAY, *FACTS}),
    Topic.CANCEL: frozenset({Intent.CANCEL, Intent.BOOK}),
    Topic.LINK: frozenset({Intent.PAY}),
    Topic.EMERGENCY: frozenset({Intent.GOODBYE, Intent.REPEAT}),
    Topic.CONFIRM: frozenset({Intent.CANCEL}),
    Topic.WRONG: frozenset({Intent.MOVE}),
}


async def hear(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Answer what was said."""
    if find_emergency((words.text,), turn.language):
        async for piece in warn(turn):
            yield piece
        return
    if find_emergency(words.alternatives, turn.language):
        # Another reading of the sound has it. One sentence too many does no harm, one
        # too few may; but it may as well be a language the ear does not know.
        yield say_number(turn)
    if _is_invited_message(turn, words):
        pieces = leave_message(turn, "")
    elif intent := _intent(turn, words):
        pieces = _follow(turn, intent, words)
    elif _is_leaving(turn, words):
        pieces = say_goodbye(turn)
    else:
        pieces = _ANSWERING[turn.topic](turn, words)
    async for piece in pieces:
        yield piece


def _is_invited_message(turn: Turn, words: Recognised) -> bool:
    """Return whether this is the message that other speakers were asked for.

    The ear makes English of any language; a command in answer to the menu is short.
    """
    is_invited = turn.was.clip_wanted and turn.topic is Topic.MENU
    return (
        is_invited
        and has_unheard_language(turn)
        and len(words.text.split()) > _LONGEST_COMMAND
    )


def _intent(turn: Turn, words: Recognised) -> Intent | None:
    """Return what the caller asks for, unless it answers the question just asked.

    At an open question a guess will do, since nothing is done before it is read back;
    elsewhere the ear must be sure.
    """
    is_open = turn.topic in _OPEN
    if not (words.is_sure or is_open):
        return None
    left = _ANSWERS.get(turn.topic, frozenset())
    wanted = (
        frozenset(Intent) if is_open or turn.topic is Topic.EMERGENCY else _ANYWHERE
    )
    if not words.is_sure and turn.topic is not Topic.MORE:
        wanted -= {Intent.GOODBYE}
    if not is_open and split_phone(words.text, turn.language).digits:
        # "Call me back at three one two": a number, not a message.
        wanted -= {Intent.MESSAGE}
    intents = read_intents(words.text, turn.language)
    return next((one for one in intents if one in wanted - left), None)


def _is_leaving(turn: Turn, words: Recognised) -> bool:
    """Return whether nothing but a goodbye was said where it answers no question."""
    text, language = words.text, turn.language
    return (
        words.is_sure
        and turn.topic in _LEFT_BY_GOODBYE
        and read_intents(text, language) == (Intent.GOODBYE,)
        and read_wish(text, language, today=turn.today) is None
        and not split_phone(text, language).digits
        and not read_name(text, language, is_asked=False)
    )


def _follow(turn: Turn, intent: Intent, words: Recognised) -> AsyncIterator[Piece]:
    """Return what an intent leads to."""
    if intent is Intent.BOOK:
        return start_booking(turn, words)
    if intent is Intent.CANCEL:
        return start_cancelling(turn, words)
    if intent in FACTS:
        return tell_fact(turn, intent)
    return {
        Intent.ROBOT: tell_what_we_are,
        Intent.PERSON: want_person,
        Intent.MOVE: _move,
        Intent.MESSAGE: start_message,
        Intent.PAY: want_to_pay,
        Intent.REPEAT: repeat,
        Intent.GOODBYE: say_goodbye,
    }[intent](turn)


async def _move(turn: Turn) -> AsyncIterator[Piece]:
    yield turn.say("cannot_move")
    async for piece in start_message(turn):
        yield piece


async def _hear_open(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Take a bare wish for a time as a booking."""
    wish = read_wish(words.text, turn.language, today=turn.today)
    pieces = (
        start_booking(turn, words) if wish and words.is_sure else not_understood(turn)
    )
    async for piece in pieces:
        yield piece


async def _ask_help(turn: Turn) -> AsyncIterator[Piece]:
    yield ask(turn, Topic.HELP)


async def _hear_more(turn: Turn, words: Recognised) -> AsyncIterator[Piece]:
    """Take a no or thanks as the end, a yes as the beginning of something else."""
    text, language = words.text, turn.language
    is_end = read_yes_no(text, language) is False or says_thanks(text)
    if words.is_sure and is_end:
        pieces = say_goodbye(turn)
    elif is_clear_yes(text, language, is_sure=words.is_sure):
        pieces = _ask_help(turn)
    else:
        pieces = _hear_open(turn, words)
    async for piece in pieces:
        yield piece


_ANSWERING: Final[Mapping[Topic, Answering]] = {
    Topic.OPENING: _hear_open,
    Topic.CONSENT: hear_consent,
    Topic.HELP: _hear_open,
    Topic.MENU: _hear_open,
    Topic.NAME: hear_name,
    Topic.NAME_AGAIN: hear_name,
    Topic.WHEN: hear_when,
    Topic.OFFER: hear_offer,
    Topic.OWN_NUMBER: hear_own_number,
    Topic.PHONE: hear_phone,
    Topic.CONFIRM: hear_confirm,
    Topic.WRONG: hear_wrong,
    Topic.CANCEL: hear_cancel,
    Topic.MESSAGE: hear_message,
    Topic.LINK: hear_link,
    Topic.EMERGENCY: hear_after_warning,
    Topic.MORE: _hear_more,
}
