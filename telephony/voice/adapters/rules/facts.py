"""Short answers about the clinic and about us."""

from collections.abc import AsyncIterator
from typing import Final

from telephony.voice.adapters.rules.questions import ask_again
from telephony.voice.adapters.rules.turn import Turn
from telephony.voice.dialogue import Goal
from telephony.voice.ports import Piece, Say
from telephony.voice.spoken.language import Intent

FACTS: Final = {
    Intent.HOURS: "hours",
    Intent.ADDRESS: "address",
    Intent.PARKING: "parking",
    Intent.PRICES: "prices",
    Intent.INSURANCE: "insurance",
}


async def tell_fact(turn: Turn, intent: Intent) -> AsyncIterator[Piece]:
    """Answer from what the clinic told us, then go on where we were."""
    question = ask_again(turn)
    if turn.dialogue.goal is Goal.UNKNOWN:
        turn.change(goal=Goal.INFO)
    fact = turn.brief.facts.get(FACTS[intent], "")
    yield Say(text=fact) if fact else turn.say("fact_unknown")
    yield question


async def tell_what_we_are(turn: Turn) -> AsyncIterator[Piece]:
    """Say truthfully that no person is speaking, then go on where we were."""
    question = ask_again(turn)
    yield turn.say("robot", clinic=turn.brief.clinic_name)
    yield question


async def repeat(turn: Turn) -> AsyncIterator[Piece]:
    """Ask the last question again."""
    yield ask_again(turn)
