"""One beat of 20 ms for all calls of a process."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

logger = logging.getLogger(__name__)

BEAT_S: Final = 0.020

Failed = Callable[[Exception], None]


class Metronome:
    """Calls every listener each 20 ms, on an absolute clock.

    One timer for all calls: a timer a call costs a wake-up of the loop each.
    """

    def __init__(self) -> None:
        """Start silent; `start` needs a running loop."""
        self._listeners: dict[int, tuple[Callable[[], None], Failed]] = {}
        self._last: Callable[[], None] | None = None
        self._next_id = 0
        self._handle: asyncio.TimerHandle | None = None
        self._due = 0.0

    def start(self, *, last: Callable[[], None] | None = None) -> None:
        """Begin to beat; `last` is called after all listeners of a beat."""
        self._last = last
        loop = asyncio.get_running_loop()
        self._due = loop.time() + BEAT_S
        self._handle = loop.call_at(self._due, self._beat)

    def stop(self) -> None:
        """Fall silent."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def join(self, listener: Callable[[], None], *, failed: Failed) -> int:
        """Call `listener` at each beat; return the number to leave with.

        Args:
            failed: Called with what the listener raised; it is called no more then.
        """
        self._next_id += 1
        self._listeners[self._next_id] = (listener, failed)
        return self._next_id

    def leave(self, number: int) -> None:
        """Stop calling; leaving twice is harmless."""
        self._listeners.pop(number, None)

    def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        # After a stall the beats that were missed are not made up for: the pacer looks
        # at the clock and sends what is due.
        self._due = max(self._due + BEAT_S, loop.time())
        self._handle = loop.call_at(self._due, self._beat)
        for number, (listener, failed) in list(self._listeners.items()):
            try:
                listener()
            # The beat's guard: one call that fails must not silence all others. Its own
            # line ends with the error, so that its stream is mended.
            except Exception as error:
                logger.exception("listener failed")
                self.leave(number)
                failed(error)
        if self._last is not None:
            self._last()
