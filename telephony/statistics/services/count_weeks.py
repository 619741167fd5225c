"""Count a clinic's weeks that are over into the schema `statistics`, for good.

Weeks are taken in their order until a group of them has eleven calls: it is published
and the next group begins behind it. So no call is in two groups, and a quiet week is in
none but a larger one. A group is one transaction with the mark that moves past it:
killed anywhere, it is counted once.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.models import Organization
from sondervoice.kernel import tenancy
from telephony.models import Call
from telephony.periods import day_start
from telephony.statistics import measures
from telephony.statistics.coarsen import FEWEST, publish, publish_days
from telephony.statistics.measures import WAYS, Measure
from telephony.statistics.models import StatisticsMark

GROUPS_AT_MOST: Final = 50
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
_ADD: Final = """
INSERT INTO statistics.call_counts (clinic, first_on, last_on, measure, bucket, calls)
VALUES (%s, %s, %s, %s::statistics.measure, %s::statistics.bucket, %s)"""
_COLUMNS: Final = (
    "started_at",
    "answered_at",
    "ended_at",
    "language",
    "outcome",
    "end_reason",
)


def count_weeks(*, organization_id: UUID, now: datetime) -> int:
    """Publish every group of weeks that is full; return how many, at most fifty.

    Counting again adds nothing.
    """
    groups = 0
    while groups < GROUPS_AT_MOST and _count_group(organization_id, now):
        groups += 1
    return groups


def _count_group(organization_id: UUID, now: datetime) -> bool:
    with tenancy.scope(organization_id):
        zone = ZoneInfo(Organization.objects.get(pk=organization_id).timezone)
        mark = _mark(organization_id, zone)
        if mark is None:
            return False
        last_on = _full_group(mark, zone, now)
        if last_on is None:
            return False
        until = day_start(last_on + _DAY, zone)
        _publish(organization_id, mark, last_on, until=until, zone=zone)
        mark.next_on, mark.counted_until = last_on + _DAY, until
        mark.save(update_fields=["next_on", "counted_until"])
    return True


def _mark(organization_id: UUID, zone: ZoneInfo) -> StatisticsMark | None:
    """Return the clinic's mark, locked; None before its first call."""
    first = Call.objects.order_by("started_at").values_list("started_at", flat=True)
    began = first.first()
    if began is None:
        return None
    day = began.astimezone(zone).date()
    StatisticsMark.objects.get_or_create(
        organization_id=organization_id,
        defaults={"next_on": day - timedelta(days=day.weekday())},
    )
    return StatisticsMark.objects.select_for_update().get()


def _full_group(mark: StatisticsMark, zone: ZoneInfo, now: datetime) -> date | None:
    """Return the last day of the next group, or None while it is not full."""
    since = mark.counted_until or day_start(mark.next_on, zone)
    behind = mark.next_on + _WEEK
    while (until := day_start(behind, zone)) <= now:
        calls = Call.objects.filter(started_at__gte=since, started_at__lt=until)
        if calls.filter(ended_at=None).exists():
            return None
        if calls.count() >= FEWEST:
            return behind - _DAY
        behind += _WEEK
    return None


def _publish(
    organization_id: UUID,
    mark: StatisticsMark,
    last_on: date,
    *,
    until: datetime,
    zone: ZoneInfo,
) -> None:
    since = mark.counted_until or day_start(mark.next_on, zone)
    calls = Call.objects.filter(started_at__gte=since, started_at__lt=until)
    publish_group(
        organization_id,
        calls.values_list(*_COLUMNS),
        first_on=mark.next_on,
        last_on=last_on,
        zone=zone,
    )


def publish_group(
    organization_id: UUID,
    calls: Iterable[tuple[Any, ...]],
    *,
    first_on: date,
    last_on: date,
    zone: ZoneInfo,
) -> None:
    """Write the counts of some weeks' calls, in the open scope.

    Args:
        calls: The columns of each, as `_COLUMNS` has them.
        first_on: A Monday.
        last_on: A Sunday.
    """
    days, counts = _sort(calls, first_on=first_on, zone=zone)
    place = (organization_id, first_on, last_on)
    rows = [(*place, "all", "all", days.total())]
    rows += [
        (organization_id, day, day, "all", "all", count)
        for day, count in publish_days(days).items()
    ]
    rows += [
        (*place, measure.value, bucket, count)
        for measure, ways in WAYS.items()
        for bucket, count in publish(counts[measure], ways).items()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, rows)


def _sort(
    calls: Iterable[tuple[Any, ...]], *, first_on: date, zone: ZoneInfo
) -> tuple[Counter[date], dict[Measure, Counter[str]]]:
    """Return how many calls each day and each class of a measure has.

    After the clinic moved westward a group begins on the day before, by the new zone.
    Those hours count as of its first day: the day before has its count already.
    """
    days: Counter[date] = Counter()
    counts: dict[Measure, Counter[str]] = {measure: Counter() for measure in Measure}
    for started_at, answered_at, ended_at, language, outcome, end_reason in calls:
        days[max(first_on, started_at.astimezone(zone).date())] += 1
        is_answered = answered_at is not None
        classes = {
            Measure.LANGUAGE: measures.language_class(language),
            Measure.OUTCOME: measures.outcome_class(outcome, is_answered=is_answered),
            Measure.HOURS: measures.hours_class(started_at, zone),
            Measure.LENGTH: measures.length_class(answered_at, ended_at),
            Measure.ENDING: measures.ending_class(end_reason),
        }
        for measure, word in classes.items():
            counts[measure][word] += 1
    return days, counts
