"""Knows whether the caller has heard the whole notice (pure)."""

from telephony.voice.frames import Saying
from telephony.voice.journal import HowHeard


class NoticeWatch:
    """Follows the sentences of the notice from being said to being heard.

    One that was not heard to its end spoils the notice; said again whole, it counts.
    """

    def __init__(self) -> None:
        """Start with nothing said."""
        self._due: set[int] = set()
        self._is_spoilt = False
        self._has_ended = False

    @property
    def is_settled(self) -> bool:
        """Return whether a notice was given and all of it was heard, or was not."""
        return self._has_ended and not self._due

    def said(self, saying: Saying) -> None:
        """A sentence is on its way."""
        if saying.is_disclosure:
            self._due.add(saying.number)

    def ended(self, saying: Saying, how: HowHeard) -> bool:
        """Return whether with this sentence the whole notice has been heard."""
        if not saying.is_disclosure:
            return False
        self._due.discard(saying.number)
        self._has_ended = True
        self._is_spoilt |= how is not HowHeard.FULL
        if self._due:
            return False
        was_spoilt, self._is_spoilt = self._is_spoilt, False
        return not was_spoilt
