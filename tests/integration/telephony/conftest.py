import pytest

from telephony.services import send_command
from tests.cast_fixtures import cast, day, signed_in
from tests.integration.telephony.switchboard import Switchboard

__all__ = ["cast", "day", "signed_in"]


@pytest.fixture
def carrier(monkeypatch):
    made = Switchboard()
    monkeypatch.setattr(send_command, "carrier", lambda: made)
    return made
