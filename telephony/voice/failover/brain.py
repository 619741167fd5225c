"""Asks a language model, and another when it fails, stalls or hangs."""

from collections.abc import AsyncIterator
from typing import Final

from telephony.voice.failover.breaker import Breaker
from telephony.voice.failover.pieces import in_time
from telephony.voice.ports import (
    LanguageModel,
    Moment,
    Piece,
    Tools,
    VoiceVendorError,
)

FIRST_S: Final = 0.8
NEXT_S: Final = 0.6


class FailoverBrain:
    """A `LanguageModel` made of two.

    What the first has said stands; after a stall the second answers the same moment.
    Tools are safe to use twice in one call.
    """

    def __init__(
        self, first: LanguageModel, second: LanguageModel, breaker: Breaker
    ) -> None:
        """Prefer `first` while its breaker lets it."""
        self.name = f"{first.name}>{second.name}"
        self._first, self._second, self._breaker = first, second, breaker

    async def reply(self, moment: Moment, tools: Tools) -> AsyncIterator[Piece]:
        """Yield the pieces of whoever answers in time."""
        if self._breaker.may_try():
            try:
                pieces = self._first.reply(moment, tools)
                async for piece in in_time(
                    pieces, vendor=self._first.name, first_s=FIRST_S, next_s=NEXT_S
                ):
                    yield piece
            except VoiceVendorError as error:
                self._breaker.failed(is_permanent=error.is_permanent)
            else:
                self._breaker.succeeded()
                return
        async for piece in self._second.reply(moment, tools):
            yield piece
