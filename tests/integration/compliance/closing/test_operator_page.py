from datetime import UTC, datetime

import pytest

from tests.cast import make_person
from tests.clock import StoppedClock
from tests.integration.accounts.operators.conftest import grant
from tests.integration.compliance.closing.steps import ask, read

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "operator"])


@pytest.fixture
def clock(stopped_clock: StoppedClock) -> StoppedClock:
    """Stop it now: whether an operator's hours run, the database asks its own clock."""
    stopped_clock.at = datetime.now(UTC)
    return stopped_clock


class TestOperatorsPage:
    @pytest.fixture
    def tove(self, world, signed_in):
        tove = make_person("Tove Lind", "tove@sondervoice.example")
        grant(tove)
        return signed_in(tove)

    def test_shows_how_far_each_closing_is(self, world, tove, clock):
        closing = ask(world.alder, at=clock.at)

        listed = tove.get("/admin/closing/")
        sheet = tove.get(f"/admin/closing/{closing.id}/")

        assert (listed.status_code, sheet.status_code) == (200, 200)
        assert str(closing.organization_id) in listed.content.decode()
        assert str(closing.organization_id) in sheet.content.decode()

    def test_has_nothing_to_press(self, world, tove, clock):
        closing = ask(world.alder, at=clock.at)
        place = f"/admin/closing/{closing.id}/"

        answers = [
            tove.post(place, {"grace_ends_at_0": "2026-11-27"}),
            tove.post(f"{place}delete/"),
            tove.post("/admin/closing/add/"),
            tove.post("/app/settings/clinic/close/", {"name": "Alder Clinic"}),
        ]

        assert [one.status_code for one in answers if one.status_code < 300] == []
        after = read(world.alder)
        assert after.dates == closing.dates
        assert (after.id, after.step) == (closing.id, "grace")
