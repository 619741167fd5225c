from datetime import UTC, datetime, timedelta

import pytest

from accounts.errors import WholeClinicError
from accounts.permissions import Role
from sondervoice.kernel import tenancy
from telephony.statistics.selectors.call_counts import list_groups
from telephony.statistics.services.count_weeks import count_weeks
from tests.cast import actor_for
from tests.cast_calls import make_call
from tests.cast_fixtures import cast, signed_in

__all__ = ["cast", "signed_in"]

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 18, tzinfo=UTC)


@pytest.fixture
def counted(cast):
    organization_id = cast.alder.organization.id
    with tenancy.scope(organization_id):
        for number in range(40):
            make_call(
                cast.alder,
                at=NOON + timedelta(days=7 * (number // 20), minutes=number),
                outcome="booked" if number % 3 else "info",
            )
    count_weeks(organization_id=organization_id, now=NOON + timedelta(days=20))


class TestStatistics:
    def test_show_the_newest_week_and_say_what_is_not_told_apart(
        self, cast, signed_in, counted
    ):
        answer = signed_in(cast.ada).get("/app/settings/statistics/")

        page = " ".join(answer.content.decode().split())
        assert "9 November to 15 November 2026: 20 calls" in page
        assert "one kind has fewer than 11." in page

    def test_show_the_week_that_is_asked_for(self, cast, signed_in, counted):
        client = signed_in(cast.cy)

        answer = client.get("/app/settings/statistics/?from=2026-11-02")

        assert b"2 November to 8 November 2026: 20 calls" in answer.content
        assert (
            client.get("/app/settings/statistics/?from=2026-13-77").status_code == 200
        )

    def test_say_so_while_there_are_none(self, cast, signed_in):
        answer = signed_in(cast.dot).get("/app/settings/statistics/")

        assert b"No week has been counted yet." in answer.content

    def test_are_not_for_who_sees_a_part_of_the_clinic(self, cast, counted):
        actor = actor_for(cast.cy, cast.alder, Role.AUDITOR)
        limited = type(actor)(
            **{name: getattr(actor, name) for name in actor.__slots__}
            | {"limits": {"location": frozenset()}}
        )

        with (
            tenancy.scope(cast.alder.organization.id),
            pytest.raises(WholeClinicError),
        ):
            list_groups(actor=limited)
