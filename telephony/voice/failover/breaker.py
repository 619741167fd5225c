"""Remembers which vendor has just failed, so that no caller waits for it again."""

from collections.abc import Callable
from typing import Final

# One failure may be chance; two in a row are not worth a third caller's patience.
OPENS_AFTER: Final = 2
PROBES_AFTER_S: Final = 5.0


class Breaker:
    """One vendor's: shut while all is well, open after two failures, then probing.

    While open the vendor is passed over; every five seconds one call may try it.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        """Tell the time by `now_s`, a clock that never goes back."""
        self._now_s = now_s
        self._failures = 0
        self._next_probe_s = 0.0

    def may_try(self) -> bool:
        """Return whether the vendor should be asked now."""
        if self._failures < OPENS_AFTER:
            return True
        if self._now_s() < self._next_probe_s:
            return False
        self._next_probe_s = self._now_s() + PROBES_AFTER_S
        return True

    def succeeded(self) -> None:
        """The vendor did its part."""
        self._failures = 0

    def failed(self, *, is_permanent: bool = False) -> None:
        """The vendor failed; a permanent failure opens at once."""
        self._failures = OPENS_AFTER if is_permanent else self._failures + 1
        self._next_probe_s = self._now_s() + PROBES_AFTER_S
