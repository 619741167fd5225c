"""Every question the receptionist asks, what it expects, and how to ask it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from telephony.voice.adapters.rules.topics import Topic
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.dialogue import Expecting, Goal
from telephony.voice.ports import Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    Attributes:
        phrase: Its key in the phrase tables.
        with_person: The key used instead when a person can be reached.
        again: The key used when it is asked once more; it names the keys to press.
        keeps_sound: The answer is kept as sound for the staff.
    """

    expecting: Expecting
    phrase: str
    with_person: str = ""
    again: str = ""
    keeps_sound: bool = False


_INTENT, _YES_NO, _NAME = Expecting.INTENT, Expecting.YES_NO, Expecting.NAME
_ANYTHING, _MENU = Expecting.ANYTHING, "ask_menu_no_person"
QUESTIONS: Final[Mapping[Topic, Question]] = {
    Topic.OPENING: Question(expecting=_INTENT, phrase="ask_help"),
    Topic.CONSENT: Question(expecting=_YES_NO, phrase="ask_again_consent"),
    Topic.HELP: Question(expecting=_INTENT, phrase="ask_help"),
    Topic.MENU: Question(expecting=_INTENT, phrase=_MENU, with_person="ask_menu"),
    Topic.NAME: Question(expecting=_NAME, phrase="ask_name"),
    Topic.NAME_AGAIN: Question(
        expecting=_NAME, phrase="ask_name_again", keeps_sound=True
    ),
    Topic.WHEN: Question(expecting=Expecting.WHEN, phrase="ask_when"),
    Topic.OFFER: Question(
        expecting=Expecting.OFFER, phrase="ask_offer", again="ask_offer_again"
    ),
    Topic.OWN_NUMBER: Question(expecting=_YES_NO, phrase="ask_own_number"),
    Topic.PHONE: Question(expecting=Expecting.PHONE, phrase="ask_phone"),
    Topic.CONFIRM: Question(expecting=_YES_NO, phrase="ask_confirm"),
    Topic.WRONG: Question(expecting=_ANYTHING, phrase="ask_wrong"),
    Topic.CANCEL: Question(expecting=_YES_NO, phrase="ask_cancel"),
    Topic.MESSAGE: Question(
        expecting=Expecting.MESSAGE, phrase="ask_message", keeps_sound=True
    ),
    Topic.LINK: Question(expecting=_YES_NO, phrase="ask_link"),
    Topic.EMERGENCY: Question(
        expecting=_ANYTHING, phrase="ask_emergency", with_person="ask_emergency_person"
    ),
    Topic.MORE: Question(expecting=Expecting.CLOSING, phrase="ask_more"),
}


def expect(turn: Turn, topic: Topic) -> None:
    """Make this the question that awaits an answer, without asking it aloud."""
    question = QUESTIONS[topic]
    # Who refused the recording did not agree to have the name kept as sound; a message
    # is left on purpose.
    is_refused = turn.dialogue.consent is False and topic is not Topic.MESSAGE
    turn.change(
        topic=topic.value,
        expecting=question.expecting,
        clip_wanted=question.keeps_sound and not is_refused,
        keys="",
    )
    if topic is Topic.HELP:
        turn.change(goal=Goal.UNKNOWN)


def ask(turn: Turn, topic: Topic) -> Say:
    """Make this the question that awaits an answer and return its words."""
    expect(turn, topic)
    question = QUESTIONS[topic]
    has_person = turn.brief.can_put_through and question.with_person
    phrase = question.with_person if has_person else question.phrase
    return turn.say_words(phrase, _words(turn, topic))


def ask_again(turn: Turn) -> Say:
    """Return the words of the question that awaits an answer, with its keys."""
    first = ask(turn, turn.topic)
    again = QUESTIONS[turn.topic].again
    return turn.say_words(again, _words(turn, turn.topic)) if again else first


def _words(turn: Turn, topic: Topic) -> dict[str, str]:
    """Return what the phrase of this question names."""
    dialogue = turn.dialogue
    if topic is Topic.OFFER:
        return {"slot": turn.slot_words(dialogue.offered[-1])}
    if topic is Topic.CANCEL:
        return {"slot": turn.slot_words(dialogue.own[-1])}
    if topic is Topic.CONFIRM and dialogue.chosen:
        slot = turn.slot_words(dialogue.chosen)
        return {"slot": slot, "name": turn.name_words(), "phone": turn.phone_words()}
    return {}
