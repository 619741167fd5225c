"""Until when a clinic must answer a person, and whom to remind when (pure).

All are days of the clinic's own calendar, so that no change of its clocks moves them.
"""

import calendar
from datetime import date, timedelta
from typing import Final

DAYS: Final = 30
# Two further months.
EXTENSION_AT_MOST: Final = timedelta(days=60)
# Days before the day at which owners and administrators get a letter.
REMINDERS: Final = (15, 5)
OVER: Final = 0


def due_on(asked_on: date) -> date:
    """Return the last day for the answer: 30 days or one month, whichever is shorter.

    Source:
        Regulation (EU) 2016/679, article 12(3): one month of receipt. Regulation (EEC,
        Euratom) 1182/71, article 3: a month ends on the day of the same number, or the
        last of a shorter month.
    """
    year, month = divmod(asked_on.year * 12 + asked_on.month, 12)
    month += 1
    last = calendar.monthrange(year, month)[1]
    one_month = date(year, month, min(asked_on.day, last))
    return min(asked_on + timedelta(days=DAYS), one_month)


def may_extend_to(due: date) -> date:
    """Return the latest day to which an answer may be put off once.

    Source:
        Regulation (EU) 2016/679, article 12(3): two further months; we take 60 days.
    """
    return due + EXTENSION_AT_MOST


def reminder_due(*, today: date, due: date, reminded: int | None) -> int | None:
    """Return which reminder is due now: 15, 5, `OVER` for the day itself, or None.

    Of several that were missed only the last counts.

    Args:
        reminded: The last one that was sent.
    """
    left = (due - today).days
    reached = [days for days in (*REMINDERS, OVER) if left <= days]
    if not reached or (reminded is not None and reminded <= reached[-1]):
        return None
    return reached[-1]
