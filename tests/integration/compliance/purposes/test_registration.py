from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from compliance.ledger.models import AuditLog
from compliance.purposes.jobs import watch_registration
from sondervoice.kernel import jobs
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.models import OutboxJob
from tests.clock import StoppedClock

pytestmark = pytest.mark.django_db
NUMBER = "ZA123456"
NOON = utc_now().replace(hour=12, minute=10)
LAST = NOON.date() + timedelta(days=30)


@pytest.fixture
def registered(settings, stopped_clock: StoppedClock) -> StoppedClock:
    settings.ICO_NUMBER, settings.ICO_EXPIRES_ON = NUMBER, LAST
    settings.DPO_MAIL = "privacy@sondervoice.example"
    stopped_clock.at = NOON
    return stopped_clock


def _alarms() -> list[dict[str, int]]:
    rows = AuditLog.unscoped.filter(action="compliance.registration.aged")
    return [row.facts for row in rows.order_by("at")]


def _shown() -> str:
    return Client().get("/forget-me/").content.decode()


class TestShown:
    def test_until_its_last_day_and_not_after(self, registered: StoppedClock):
        registered.at = NOON + timedelta(days=30)
        until = _shown()
        registered.move(days=1)
        after = _shown()

        assert NUMBER in until
        assert NUMBER not in after
        assert "mailto:privacy@sondervoice.example" in after

    def test_is_nothing_where_nothing_is_named(self, registered, settings):
        settings.ICO_EXPIRES_ON, settings.DPO_MAIL = None, ""

        page = _shown()

        assert NUMBER not in page
        assert "mailto:" not in page


class TestAlarm:
    def test_is_raised_once_a_day_from_the_thirtieth_day_on(
        self, registered: StoppedClock, caplog
    ):
        registered.move(days=-1)
        watch_registration()
        assert _alarms() == []

        for hours in (24, 1, 23):
            registered.move(hours=hours)
            watch_registration()

        assert _alarms() == [{"days_left": 30}, {"days_left": 29}]
        said = [one for one in caplog.records if "ICO" in one.message]
        assert [one.levelname for one in said] == ["CRITICAL"] * 2
        assert OutboxJob.objects.filter(purpose="our_duties").count() == 2

    def test_is_a_letter_and_goes_on_once_it_is_over(self, registered: StoppedClock):
        registered.move(days=31)
        watch_registration()

        jobs._registry["compliance.warn_of_registration"].work(organization_id=None)

        (letter,) = mail.outbox
        assert letter.to == ["privacy@sondervoice.example"]
        assert letter.subject == "The ICO registration has run out"
        assert f"{LAST.day} {LAST:%B %Y}" in letter.body
        assert _alarms() == [{"days_left": -1}]

    def test_says_so_when_nobody_can_be_told(self, registered, settings, caplog):
        settings.DPO_MAIL = settings.SECURITY_MAIL = ""

        jobs._registry["compliance.warn_of_registration"].work(organization_id=None)

        assert mail.outbox == []
        assert "nobody is told of the registration" in caplog.text

    def test_is_not_raised_while_there_is_time(self, registered, settings):
        settings.ICO_EXPIRES_ON = LAST + timedelta(days=60)

        watch_registration()

        assert _alarms() == []
