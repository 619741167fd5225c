"""A clock that stands until a test moves it, in the one place that reads the time."""

from datetime import datetime, timedelta, tzinfo

import pytest

from sondervoice.kernel import clock
from sondervoice.kernel.clock import utc_now


class StoppedClock:
    """What `sondervoice.kernel.clock` reads instead of the machine's time."""

    def __init__(self) -> None:
        self.at = utc_now()

    def now(self, zone: tzinfo) -> datetime:
        return self.at.astimezone(zone)

    def move(self, **span: float) -> datetime:
        """Move on by ``minutes=…, seconds=…`` and return the new time."""
        self.at += timedelta(**span)
        return self.at


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    stopped = StoppedClock()
    monkeypatch.setattr(clock, "datetime", stopped)
    return stopped
