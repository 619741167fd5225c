"""Days and weeks in a clinic's time zone (pure)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days.

    Attributes:
        since: First instant, or None for "from the beginning".
        until: First instant after it, or None for "up to now".
        words: Its name within a sentence: ``this week``.
    """

    since: datetime | None
    until: datetime | None
    words: str


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a day in UTC.

    Where the clock skips midnight, the day begins at the first time that exists.
    """
    return datetime.combine(day, time(), zone).astimezone(UTC)


def one_day(day: date, zone: ZoneInfo, words: str) -> Period:
    """Return the whole day; it has 23 or 25 hours when the clock is changed."""
    return Period(day_start(day, zone), day_start(day + timedelta(days=1), zone), words)


def named_period(name: str, *, now: datetime, zone: ZoneInfo) -> Period | None:
    """Return ``today``, ``yesterday``, ``week``, ``month`` or ``all``, else None.

    A week begins on Monday.
    """
    today = now.astimezone(zone).date()
    if name == "today":
        return one_day(today, zone, "today")
    if name == "yesterday":
        return one_day(today - timedelta(days=1), zone, "yesterday")
    if name == "week":
        monday = today - timedelta(days=today.weekday())
        return Period(day_start(monday, zone), None, "this week")
    if name == "month":
        return Period(day_start(today.replace(day=1), zone), None, "this month")
    return Period(None, None, "in all") if name == "all" else None


def between(first: date | None, last: date | None, *, zone: ZoneInfo) -> Period:
    """Return from the first day to the end of the last; either side may be open."""
    if first is not None and last is not None and first > last:
        first, last = last, first
    since = day_start(first, zone) if first else None
    until = day_start(last + timedelta(days=1), zone) if last else None
    return Period(since, until, "in these dates")


def read_day(text: str) -> date | None:
    """Return the day of ``2026-11-20``, or None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
