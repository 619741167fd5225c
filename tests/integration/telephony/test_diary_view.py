from datetime import UTC, datetime, timedelta

import pytest

from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import CHICAGO, Cast
from tests.cast_calls import make_appointment
from tests.cast_fixtures import SignIn


class TestDiary:
    def test_shows_the_day_in_the_clinics_time_zone(
        self, cast: Cast, signed_in: SignIn
    ):
        with tenancy.scope(cast.alder.organization.id):
            # 23:40 on Monday in Chicago is already Tuesday in UTC.
            starts_at = datetime(2026, 11, 24, 5, 40, tzinfo=UTC)
            make_appointment(cast.alder, starts_at=starts_at, name="Hannah Brandt")
        client = signed_in(cast.ada)

        monday = client.get("/app/diary/?on=2026-11-23").content.decode()
        tuesday = client.get("/app/diary/?on=2026-11-24").content.decode()

        assert "Monday 23 November 2026" in monday
        assert "Hannah Brandt" in monday
        assert "23:40" in monday
        assert "Hannah Brandt" not in tuesday
        assert "No appointments on this day." in tuesday

    def test_leaves_one_row_in_the_record(self, cast: Cast, signed_in: SignIn):
        with tenancy.scope(cast.alder.organization.id):
            day = utc_now() + timedelta(days=2)
            starts_at = day.astimezone(CHICAGO).replace(hour=10, minute=0)
            make_appointment(cast.alder, starts_at=starts_at, name="Hannah Brandt")

        signed_in(cast.ada).get(f"/app/diary/?on={starts_at:%Y-%m-%d}")

        with tenancy.scope(cast.alder.organization.id):
            row = AuditLog.objects.get(action="scheduling.day.viewed")
        assert (row.actor_id, row.subject_id) == (cast.ada.id, None)
        assert row.fields == ["patient_name", "patient_phone"]
        assert row.facts == {"count": 1, "days_ahead": 2}

    @pytest.mark.parametrize("text", ["", "never", "0001-01-01", "9999-12-31"])
    def test_shows_today_when_the_day_makes_no_sense(
        self, cast: Cast, signed_in: SignIn, text: str
    ):
        answer = signed_in(cast.ada).get(f"/app/diary/?on={text}")

        assert answer.status_code == 200
        assert answer.context["is_today"]
