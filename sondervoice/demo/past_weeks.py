"""Gives the demo's clinics six weeks of invented counts for the page Statistics.

Counts alone: no call stands behind them. The week that runs is counted as ever.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sondervoice.demo.people import PRACTICES, TIMEZONE
from sondervoice.kernel import tenancy
from telephony.models import Call
from telephony.periods import day_start
from telephony.statistics.models import StatisticsMark
from telephony.statistics.services.count_weeks import publish_group

WEEKS: Final = 6
# The first week's calls; each later one has a few more.
_CALLS: Final = 48
_GROWTH: Final = 5
_WEEK: Final = timedelta(days=7)
_OUTCOMES: Final = (
    Call.Outcome.BOOKED,
    Call.Outcome.BOOKED,
    Call.Outcome.MESSAGE,
    Call.Outcome.INFO,
)


def seed_past_weeks(*, now: datetime) -> None:
    """Make them for clinics of which nothing was counted yet; again is harmless."""
    zone = ZoneInfo(TIMEZONE)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    for practice in PRACTICES:
        with tenancy.scope(practice.id):
            _, is_new = StatisticsMark.objects.get_or_create(
                organization_id=practice.id,
                defaults={
                    "next_on": monday,
                    "counted_until": day_start(monday, zone),
                },
            )
            for number in range(WEEKS if is_new else 0):
                first_on = monday - (WEEKS - number) * _WEEK
                publish_group(
                    practice.id,
                    _invented(first_on, _CALLS + _GROWTH * number, zone),
                    first_on=first_on,
                    last_on=first_on + timedelta(days=6),
                    zone=zone,
                )


def _invented(first_on: date, count: int, zone: ZoneInfo) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of so many calls, Monday to Friday, in and out of hours."""
    for number in range(count):
        day = first_on + timedelta(days=number % 5)
        # 7 and 12 share no divisor: every hour from 8 to 19 has its turn.
        hour = 8 + number * 7 % 12
        started_at = datetime.combine(day, time(hour, number % 60), zone)
        yield (
            started_at,
            started_at + timedelta(seconds=3),
            started_at + timedelta(seconds=40 + number * 37 % 300),
            "en",
            _OUTCOMES[number % len(_OUTCOMES)],
            Call.EndReason.CALLER_HUNG_UP
            if number % 3
            else Call.EndReason.AGENT_HUNG_UP,
        )
