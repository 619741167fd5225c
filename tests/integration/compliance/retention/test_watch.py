from datetime import timedelta

import pytest
from django.core import mail

from compliance.ledger.models import AuditLog
from compliance.retention import jobs
from compliance.retention.jobs import purge
from sondervoice.kernel.jobs import run_waiting
from tests.integration.compliance.retention.nights import THREE, run_night

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def security(settings):
    settings.SECURITY_MAIL = "security@sondervoice.example"


def _alarms() -> list[dict[str, int]]:
    rows = AuditLog.unscoped.filter(action="compliance.purge.missed")
    return [row.facts for row in rows]


class TestAlarm:
    def test_is_raised_once_when_nothing_is_done_by_half_past(
        self, cast, three, security, caplog
    ):
        purge()
        three.move(minutes=29)
        purge()
        assert _alarms() == []

        for _ in range(3):
            three.move(minutes=1)
            purge()

        assert _alarms() == [{"clinics": 2}]
        run_waiting()
        (letter,) = [one for one in mail.outbox if one.to == [SECURITY]]
        assert letter.subject == "The nightly erasure is late"
        assert "26 November 2026 03:00 UTC" in letter.body
        assert [r.levelname for r in caplog.records if r.msg == "purge is late"] == [
            "CRITICAL"
        ]

    def test_is_raised_when_no_run_can_be_begun(
        self, cast, three, security, monkeypatch, caplog
    ):
        def fail(**_):
            raise RuntimeError

        monkeypatch.setattr(jobs, "start_runs", fail)
        found = []
        for minutes in (0, 30, 90):
            three.at = THREE + timedelta(minutes=minutes)
            with pytest.raises(RuntimeError):
                purge()
            found.append(_alarms())

        assert found == [[], [{"clinics": 2}], [{"clinics": 2}]]
        assert [r.levelname for r in caplog.records if r.msg == "purge is late"] == [
            "CRITICAL"
        ]

    def test_is_not_raised_on_a_night_that_is_done(self, cast, three, security):
        run_night(cast)

        three.move(minutes=45)
        purge()

        assert (_alarms(), mail.outbox) == ([], [])

    def test_is_raised_by_a_clock_that_stood_still(self, cast, three, security):
        three.at = THREE + timedelta(hours=6)

        purge()

        assert _alarms() == [{"clinics": 2}]


SECURITY = "security@sondervoice.example"


class TestSchedule:
    def test_has_the_purge_at_three_in_utc(self, settings):
        entry = settings.CELERY_BEAT_SCHEDULE["purge"]

        assert (entry["task"], settings.CELERY_TIMEZONE) == ("compliance.purge", "UTC")
        assert (entry["schedule"].hour, entry["schedule"].minute) == ({3}, {0})
