"""Turns Ctrl-C, SIGTERM and a closed terminal into questions asked while waiting."""

import select
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Final, Self

from sondervoice.embedded.errors import StopAskedError

_STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_Handler = Callable[[int, FrameType | None], object] | int | None


class Stopping:
    """Counts requests to stop; every wait ends early when a signal comes.

    Attributes:
        asked: How often we were asked; twice means "at once".
        last: The signal that asked last.
    """

    def __init__(self) -> None:
        self.asked = 0
        self.last = signal.SIGTERM
        self._before: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> Self:
        """Take the signals over; only the main thread may."""
        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.settimeout(0)  # a signal handler may not wait
        signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for number in _STOPS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays in force
                self._before[number] = signal.signal(number, self._count)
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, _wake)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(-1)
        self._read.close()
        self._write.close()

    def rest(self, seconds: float) -> None:
        """Wait so long, or until any signal comes."""
        ready, _, _ = select.select([self._read], [], [], seconds)
        if ready:
            with suppress(BlockingIOError):
                self._read.recv(4096)

    def pause(self, seconds: float) -> None:
        """Wait so long, or until any signal comes.

        Raises:
            StopAskedError: If we were asked to stop, now or before.
        """
        if not self.asked:
            self.rest(seconds)
        if self.asked:
            raise StopAskedError

    def _count(self, number: int, _frame: FrameType | None) -> None:
        self.asked += 1
        self.last = signal.Signals(number)


def _wake(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: that a handler exists is what ends the wait."""
