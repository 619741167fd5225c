"""Measures how long each answer took (pure)."""

from telephony.voice.frames import Saying
from telephony.voice.journal import TurnTimes
from telephony.voice.stages.reply import Question


class AnswerClock:
    """Follows a caller's turn from its end to the first sound of its answer.

    A word that asks for a moment is no answer: the time runs on.
    """

    def __init__(self) -> None:
        """Start with nothing asked."""
        self._asked: Question | None = None
        self._turns = 0

    def asked(self, question: Question) -> None:
        """Something happened; only what was said is timed."""
        if question.heard is not None:
            self._asked = question

    def began(self, saying: Saying, at_ms: int) -> TurnTimes | None:
        """Return the times of the turn that this sentence is the first answer to."""
        asked = self._asked
        if saying.is_hold or asked is None or asked.turn != saying.turn:
            return None
        self._asked = None
        if asked.heard is None:
            return None
        self._turns += 1
        return TurnTimes(
            number=self._turns,
            quiet_ms=asked.heard.stopped_at_ms,
            decided_ms=asked.heard.decided_at_ms,
            heard_ms=asked.heard_at_ms,
            answered_ms=at_ms,
        )
