"""Knows whether a key can be an answer yet (pure).

A key pressed while the notice is spoken answers nothing, and a yes to a question that
nobody has heard is no consent. Only the wish for a person is remembered.
"""

from typing import Final

from telephony.voice.dialogue import Brief, Dialogue, Goal
from telephony.voice.frames import Saying

PERSON_KEY: Final = "0"


class KeyGate:
    """Judges one caller's keys.

    Attributes:
        wants_person: The key for a person was pressed before the notice was over.
    """

    def __init__(self, brief: Brief) -> None:
        """Start with nothing asked."""
        self.wants_person = False
        self._asks_consent = brief.asks_consent
        self._questions = brief.consent_question
        self._asked_at_ms: int | None = None

    def asks(self, saying: Saying) -> bool:
        """Return whether this sentence is the question for consent."""
        return self._asks_consent and saying.text in self._questions.values()

    def began(self, saying: Saying, at_ms: int) -> None:
        """A sentence is heard from this moment on."""
        if self._asked_at_ms is None and self.asks(saying):
            self._asked_at_ms = at_ms

    def lets(
        self, digit: str, *, dialogue: Dialogue, is_notice_over: bool, now_ms: int
    ) -> bool:
        """Return whether this key is to be answered now."""
        is_person = digit == PERSON_KEY
        if not is_notice_over:
            self.wants_person |= is_person
            return False
        return is_person or not self._is_question_due(dialogue, now_ms)

    def _is_question_due(self, dialogue: Dialogue, now_ms: int) -> bool:
        """Return whether consent is still to be asked for, or not heard yet.

        Who wants something already, a person or help, is asked no more.
        """
        is_due = (
            self._asks_consent
            and dialogue.consent is None
            and dialogue.goal is Goal.UNKNOWN
            and bool(self._questions.get(dialogue.language))
        )
        is_heard = self._asked_at_ms is not None and now_ms >= self._asked_at_ms
        return is_due and not is_heard
