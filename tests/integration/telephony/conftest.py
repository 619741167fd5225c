import threading

import pytest
from django.db import connections

from sondervoice.kernel.clock import utc_now
from telephony.media_desk import THREADS, MediaDesk
from telephony.models import Call
from telephony.services import send_command
from telephony.voice.metronome import Metronome
from tests.cast import make_cast
from tests.cast_fixtures import cast, day, signed_in
from tests.integration.telephony.ringing import ring
from tests.integration.telephony.switchboard import Switchboard

__all__ = ["cast", "day", "signed_in"]


@pytest.fixture
def carrier(monkeypatch):
    made = Switchboard()
    monkeypatch.setattr(send_command, "carrier", lambda: made)
    return made


@pytest.fixture
def desk(transactional_db):
    made = MediaDesk(Metronome(), calls_at_most=100, minutes_at_most=30)
    yield made
    everybody = threading.Barrier(THREADS)

    def leave():
        everybody.wait(10)
        connections.close_all()

    for done in [made._threads._pool.submit(leave) for _ in range(THREADS)]:
        done.result()
    made._threads._pool.shutdown()


@pytest.fixture
def live(desk):
    cast = make_cast()
    now = utc_now()
    return [
        ring(
            cast.alder,
            call_id=call_id,
            started_at=now,
            answered_at=now,
            status=Call.Status.LIVE,
        )
        for call_id in ("v3:bad", "v3:good")
    ]
