from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client

from compliance.ledger.models import AuditLog
from compliance.retention import health, jobs
from compliance.retention.jobs import purge
from sondervoice.kernel.jobs import run_waiting
from tests.integration.compliance.retention.nights import THREE, run_night
from tests.integration.telephony.posts import run_all_jobs

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


class TestAddress:
    """Asked by whoever watches from outside, for the worker may be dead."""

    @pytest.fixture(autouse=True)
    def forgetful(self):
        health._is_in_time.cache_clear()
        yield
        health._is_in_time.cache_clear()

    def test_says_late_when_nothing_runs(self, cast, three):
        run_night(cast)
        said = []
        for minutes in (30, 24 * 60 + 29, 24 * 60 + 30, 36 * 60):
            three.at = THREE + timedelta(minutes=minutes)
            answer = Client().get("/nightz")
            said.append((answer.status_code, answer.content))

        assert said == [(200, b"in time\n")] * 2 + [(503, b"late\n")] * 2

    def test_says_late_while_one_clinic_is_not_done(self, cast, three):
        purge()
        three.move(minutes=31)

        assert Client().get("/nightz").status_code == 503
        run_all_jobs(cast)
        three.move(minutes=1)
        assert Client().get("/nightz").status_code == 200

    def test_looks_once_a_minute_however_many_ask(
        self, cast, three, django_assert_num_queries
    ):
        first = Client().get("/nightz")

        with django_assert_num_queries(0):
            again = Client().get("/nightz")

        assert [first.content, again.content] == [b"late\n"] * 2

    def test_says_late_without_the_database(self, three, monkeypatch):
        def away(**_):
            raise OperationalError

        monkeypatch.setattr(health, "count_late", away)

        assert Client().get("/nightz").status_code == 503


class TestCommand:
    def test_fails_until_every_clinic_is_done(self, cast, three):
        with pytest.raises(CommandError, match=r"03:00 UTC is not finished for 2"):
            call_command("night")
        out = StringIO()
        run_night(cast)

        call_command("night", stdout=out)

        assert out.getvalue() == "The erasure of 2026-11-26 03:00 UTC is finished.\n"


SECURITY = "security@sondervoice.example"


class TestSchedule:
    def test_has_the_purge_at_three_in_utc(self, settings):
        entry = settings.CELERY_BEAT_SCHEDULE["purge"]

        assert (entry["task"], settings.CELERY_TIMEZONE) == ("compliance.purge", "UTC")
        assert (entry["schedule"].hour, entry["schedule"].minute) == ({3}, {0})
