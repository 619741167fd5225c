import pytest

from compliance.alerts import stream
from tests.cast_fixtures import cast, day, signed_in
from tests.clock import stopped_clock

__all__ = ["cast", "day", "signed_in", "stopped_clock"]


@pytest.fixture(autouse=True)
def _watched_until_now(db: None) -> None:
    # The record outlives the tests before.
    _low, high = stream.read_horizon()
    stream.move_horizon(high)
