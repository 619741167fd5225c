"""What a key leads to: a way out of every state, whoever the caller is."""

from collections.abc import AsyncIterator, Mapping
from typing import Final

from telephony.voice.adapters.rules.booking import press_offer, start_booking
from telephony.voice.adapters.rules.cancelling import press_cancel, start_cancelling
from telephony.voice.adapters.rules.emergency import press_after_warning
from telephony.voice.adapters.rules.ending import say_goodbye
from telephony.voice.adapters.rules.facts import repeat
from telephony.voice.adapters.rules.fallback import not_understood
from telephony.voice.adapters.rules.message import start_message
from telephony.voice.adapters.rules.opening import press_consent, press_language
from telephony.voice.adapters.rules.payments import press_link
from telephony.voice.adapters.rules.person import want_person
from telephony.voice.adapters.rules.phone import (
    press_confirm,
    press_own_number,
    press_phone,
    press_wrong,
)
from telephony.voice.adapters.rules.questions import ask
from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Pressing, Turn
from telephony.voice.ports import Piece, Recognised

_NOTHING_SAID: Final = Recognised(text="", is_sure=True)


async def press(turn: Turn, digit: str) -> AsyncIterator[Piece]:
    """Answer a key: first as the question asked wants it, else as in the menu."""
    own_keys, answer = _OWN_KEYS.get(turn.topic, ("", press_phone))
    if digit in own_keys:
        pieces = answer(turn, digit)
    elif digit in _language_keys(turn):
        pieces = press_language(turn, digit)
    else:
        pieces = _press_menu(turn, digit)
    async for piece in pieces:
        yield piece


def _language_keys(turn: Turn) -> str:
    """Return the keys that choose a language, where they have just been named."""
    is_unheard = turn.language not in turn.hears and turn.topic is Topic.MESSAGE
    count = len(turn.brief.languages)
    is_named = count > 1 and (is_unheard or turn.topic is Topic.HELP)
    return "123456789"[:count] if is_named else ""


def _press_menu(turn: Turn, digit: str) -> AsyncIterator[Piece]:
    if digit == "1":
        return start_booking(turn, _NOTHING_SAID)
    if digit == "2":
        return start_cancelling(turn, _NOTHING_SAID)
    actions = {"3": start_message, "0": want_person, "*": repeat}
    return actions.get(digit, not_understood)(turn)


async def _press_more(turn: Turn, digit: str) -> AsyncIterator[Piece]:
    if digit == "1":
        yield ask(turn, Topic.HELP)
        return
    async for piece in say_goodbye(turn):
        yield piece


_OWN_KEYS: Final[Mapping[Topic, tuple[str, Pressing]]] = {
    Topic.CONSENT: ("123456789", press_consent),
    Topic.OFFER: ("12", press_offer),
    Topic.OWN_NUMBER: ("12", press_own_number),
    Topic.PHONE: ("0123456789*#", press_phone),
    Topic.CONFIRM: ("12", press_confirm),
    Topic.WRONG: ("123", press_wrong),
    Topic.CANCEL: ("12", press_cancel),
    Topic.LINK: ("12", press_link),
    Topic.EMERGENCY: ("1", press_after_warning),
    Topic.MORE: ("12", _press_more),
}
