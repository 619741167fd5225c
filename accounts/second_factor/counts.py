"""How wrong codes are counted: by known browser, of strangers, of a person in all.

Both write in the person's row, where the rule sees to it that no more than ten an hour
are looked at, whichever browser they come from or claim to be.
"""

from datetime import datetime, timedelta
from typing import Protocol

from accounts.guessing.errors import TooManyTriesError
from accounts.guessing.limits import FACTOR_BROWSER
from accounts.guessing.services.forget_tries import forget_tries
from accounts.guessing.services.take_try import take_try
from accounts.second_factor.models import FactorTries


class Count(Protocol):
    """A count of wrong codes, within the transaction that holds the person's row."""

    def begin(self, now: datetime) -> datetime | None:
        """Return until when no code is looked at, or None to go on."""

    def settle(self, *, is_right: bool, now: datetime) -> datetime | None:
        """Count a code that was looked at; return what `begin` would say now."""


class StrangersCount:
    """One for all browsers that do not know the person, and for programs."""

    def __init__(self, row: FactorTries) -> None:
        """Count in this row."""
        self._row = row

    def begin(self, now: datetime) -> datetime | None:
        """Return until when strangers' codes, or all, are not looked at."""
        return self._row.read().closed_until(now, is_known=False)

    def settle(self, *, is_right: bool, now: datetime) -> datetime | None:
        """Count it; a right one forgives nothing of the hour."""
        before = self._row.read()
        after = (
            before.after_good() if is_right else before.after_bad(now, is_known=False)
        )
        self._row.keep(after)
        return after.closed_until(now, is_known=False)


class BrowserCount:
    """One for each browser in which the person has shown the factor."""

    def __init__(self, row: FactorTries, key: str) -> None:
        """Count for the browser of this key, and in the person's row."""
        self._row = row
        self._key = key
        self._number = 0

    def begin(self, now: datetime) -> datetime | None:
        """Take a try, or return until when there is none."""
        closed_until = self._row.read().closed_until(now, is_known=True)
        if closed_until is not None:
            return closed_until
        try:
            self._number = take_try(limit=FACTOR_BROWSER, key=self._key, now=now)
        except TooManyTriesError as error:
            return now + timedelta(seconds=error.retry_after_s or 0)
        return None

    def settle(self, *, is_right: bool, now: datetime) -> datetime | None:
        """Begin anew after a right one; the fifth wrong one locks the browser."""
        if is_right:
            forget_tries(limit=FACTOR_BROWSER, key=self._key)
            return None
        after = self._row.read().after_bad(now, is_known=True)
        self._row.keep(after)
        closed_until = after.closed_until(now, is_known=True)
        if self._number < FACTOR_BROWSER.tries:
            return closed_until
        return max(closed_until or now, now + FACTOR_BROWSER.lock)
