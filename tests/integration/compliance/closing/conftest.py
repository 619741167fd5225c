from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache

from tests.cast_fixtures import signed_in
from tests.clock import StoppedClock, stopped_clock
from tests.matrix.world import World, make_world

__all__ = ["signed_in", "stopped_clock"]

ASKED = datetime(2026, 11, 26, 15, 42, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _spools(settings, tmp_path: Path) -> None:
    settings.SPOOL_DIR = tmp_path


@pytest.fixture
def clock(stopped_clock: StoppedClock) -> StoppedClock:
    stopped_clock.at = ASKED
    return stopped_clock


@pytest.fixture
def world(transactional_db: None, clock: StoppedClock) -> World:
    """Alder and Birch with one of everything; nothing is held."""
    cache.clear()
    return make_world()
