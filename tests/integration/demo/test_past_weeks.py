"""The demo's page of statistics has something to show."""

from datetime import UTC, date, datetime

import pytest

from accounts.actors import Actor
from accounts.permissions import ROLE_GRANTS, Role
from sondervoice.demo.past_weeks import seed_past_weeks
from sondervoice.demo.people import ALDER
from sondervoice.demo.seed import seed
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from telephony.models import Call
from telephony.statistics.models import StatisticsMark
from telephony.statistics.selectors.call_counts import list_groups, read_tables
from tests.shared_rows import SHARED

pytestmark = pytest.mark.django_db

# A Thursday.
NOW = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
OWNER = Actor(
    kind="user",
    id=uuid7(),
    organization_id=ALDER.id,
    permissions=ROLE_GRANTS[Role.OWNER],
)


def _seeded() -> None:
    seed(now=NOW)
    seed_past_weeks(now=NOW)


SHARED.share("past_weeks", _seeded)


@pytest.fixture
def past_weeks(db) -> None:
    SHARED.take("past_weeks")


class TestPastWeeks:
    def test_are_six_whole_ones_up_to_this_monday(self, past_weeks):
        with tenancy.scope(ALDER.id):
            groups = list_groups(actor=OWNER)
            tables = read_tables(groups[0])
            mark = StatisticsMark.objects.get()

        assert [one.calls for one in groups] == [73, 68, 63, 58, 53, 48]
        assert (groups[0].first_on, groups[0].last_on) == (
            date(2026, 11, 16),
            date(2026, 11, 22),
        )
        assert all(one.weeks == 1 for one in groups)
        assert [one.title for one in tables if one.cells] != []
        assert mark.next_on == date(2026, 11, 23)

    def test_leave_no_call_and_are_made_once(self, past_weeks):
        seed_past_weeks(now=NOW)

        with tenancy.scope(ALDER.id):
            assert len(list_groups(actor=OWNER)) == 6
            assert not Call.objects.exists()
