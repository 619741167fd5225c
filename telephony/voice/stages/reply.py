"""Asks the brain what to say to what happened, and lets it act.

Next: `telephony.voice.stages.guard`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from telephony.voice.dialogue import Brief, Dialogue
from telephony.voice.frames import Heard, Saying
from telephony.voice.ports import (
    HangUp,
    Happening,
    LanguageModel,
    Line,
    Moment,
    Piece,
    PutThrough,
    Remember,
    Say,
    Tools,
)

LINES_AT_MOST: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that happened and wants an answer.

    Attributes:
        turn: The line's turn when it happened.
        heard: The words behind it, for the times; None for a key or silence.
    """

    happening: Happening
    turn: int
    heard: Heard | None = None
    heard_at_ms: int = 0


class Reply:
    """Turns a `Question` into sentences; knows how far the conversation has come.

    Attributes:
        dialogue: Where the conversation stands.
        ending: ``hang_up`` or ``put_through`` once the brain wants to end the call.
        question: What is being answered; the times of the answer belong to it.
    """

    name = "reply"

    def __init__(
        self,
        brain: LanguageModel,
        *,
        brief: Brief,
        dialogue: Dialogue,
        tools: Tools,
        local_now: Callable[[], datetime],
        emit: Callable[[Saying], None],
        moved: Callable[[Dialogue], None],
    ) -> None:
        """Ask `brain`; `local_now` is aware, in the clinic's time zone."""
        self.dialogue = dialogue
        self.ending = ""
        self.question: Question | None = None
        self._brain = brain
        self._brief = brief
        self._tools = tools
        self._local_now = local_now
        self._emit = emit
        self._moved = moved
        self._lines: list[Line] = []
        self._number = 0

    def note(self, speaker: str, text: str) -> None:
        """Add a line to what the brain knows of the conversation."""
        self._lines.append(Line(speaker=speaker, text=text))
        del self._lines[:-LINES_AT_MOST]

    def hold(self, text: str, language: str, turn: int) -> Saying:
        """Return a sentence that asks for a moment while the answer is on its way."""
        self._number += 1
        return Saying(
            text=text, language=language, number=self._number, turn=turn, is_hold=True
        )

    async def handle(self, frame: Question) -> None:
        """Emit the sentences of the answer as the brain finds them."""
        self.question = frame
        moment = Moment(
            brief=self._brief,
            dialogue=self.dialogue,
            happening=frame.happening,
            now=self._local_now(),
            lines=tuple(self._lines),
        )
        pieces = self._brain.reply(moment, self._tools)
        try:
            async for piece in pieces:
                self._take(piece, frame.turn)
        finally:
            close = getattr(pieces, "aclose", None)
            if close is not None:
                await close()

    def _take(self, piece: Piece, turn: int) -> None:
        if isinstance(piece, Say):
            self._number += 1
            self._emit(
                Saying(
                    text=piece.text,
                    language=piece.language or self.dialogue.language,
                    number=self._number,
                    turn=turn,
                    is_interruptible=piece.is_interruptible,
                    is_disclosure=piece.is_disclosure,
                )
            )
        elif isinstance(piece, Remember):
            self.dialogue = piece.dialogue
            self._moved(piece.dialogue)
        elif isinstance(piece, HangUp):
            self.ending = "hang_up"
        elif isinstance(piece, PutThrough):
            self.ending = "put_through"
