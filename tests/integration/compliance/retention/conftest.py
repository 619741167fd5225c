from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from compliance.retention import selections
from sondervoice.kernel import tenancy
from telephony.models import Call
from tests.cast import Cast
from tests.cast_calls import leave_message, make_call, say
from tests.cast_fixtures import cast, signed_in
from tests.cast_sound import store_sound
from tests.clock import StoppedClock, stopped_clock
from tests.integration.compliance.retention.nights import THREE

__all__ = ["cast", "signed_in", "stopped_clock"]


@pytest.fixture(autouse=True)
def _spools(settings, tmp_path: Path) -> None:
    settings.SPOOL_DIR = tmp_path


@pytest.fixture(autouse=True)
def _kinds_of_the_product_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the kinds of runs that a test registers."""
    monkeypatch.setattr(selections, "_kinds", dict(selections._kinds))


@pytest.fixture
def make_due(cast: Cast) -> Callable[..., Call]:
    """A whole call of Alder's that is due at the midnight so many days before."""

    def make(days: int = 0, *, at: datetime = THREE, **fields: object) -> Call:
        with tenancy.scope(cast.alder.organization.id):
            call = make_call(
                cast.alder,
                at=at - timedelta(days=180 + days, hours=9),
                name="Canary Wharfinger",
                seconds=9,
                **fields,
            )
            say(call, 1, "agent", "Alder Clinic.", at_ms=300, heard="part", part="Al")
            say(call, 2, "caller", "canary of the transcript", at_ms=900)
            number = {"phone": fields["caller"]} if fields.get("caller") else {}
            leave_message(
                call, "canary of the message", name="Canary Wharfinger", **number
            )
            store_sound(call)
        return call

    return make


@pytest.fixture
def three(stopped_clock: StoppedClock) -> StoppedClock:
    stopped_clock.at = THREE
    return stopped_clock
