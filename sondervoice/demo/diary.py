"""Which places the demo's diary has, and which of them are taken (pure)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

WEEKS: Final = 6
MINUTES: Final = 30
FIRST: Final = time(9, 0)
PLACES_A_DAY: Final = 16  # 09:00 to 16:30

_SATURDAY: Final = 5
_TUESDAY: Final = 1
_TAKEN_ON_TUESDAYS: Final = (time(9, 30), time(10, 0))


def places(*, today: date, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the start of each place from tomorrow on, aware, in the clinic's zone."""
    for ahead in range(1, WEEKS * 7 + 1):
        day = today + timedelta(days=ahead)
        if day.weekday() >= _SATURDAY:
            continue
        first = datetime.combine(day, FIRST, tzinfo=zone)
        for number in range(PLACES_A_DAY):
            # Wall-clock arithmetic: a day of the change of the clocks has 9:00 too.
            yield first + timedelta(minutes=MINUTES * number)


def is_taken(starts_at: datetime, *, practitioner_number: int) -> bool:
    """Return whether the demo starts with this place taken.

    Tuesdays at half past nine and at ten are, for everybody, so that whoever asks for
    "Tuesday around ten" is offered something else; besides, about one place in five.
    """
    at = starts_at.time()
    if starts_at.weekday() == _TUESDAY:
        return at in _TAKEN_ON_TUESDAYS
    place = starts_at.toordinal() * PLACES_A_DAY + at.hour * 2 + at.minute // MINUTES
    return (place * 7 + practitioner_number * 3) % 5 == 0
