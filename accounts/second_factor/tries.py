"""How often a wrong code may be tried: the rule, without a database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LOCK_AFTER: Final = 5
LOCK: Final = timedelta(minutes=15)
MOST_AN_HOUR: Final = 10
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """What is known of a person's wrong codes.

    Attributes:
        bad_at: Those of the last hour, the oldest first. A right code forgives none:
            whoever guesses beside the owner would be given new tries by them.
        in_a_row: Since the last right code or the last lock.
        locked_until: When the next code is looked at again.
    """

    bad_at: tuple[datetime, ...] = ()
    in_a_row: int = 0
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Return whether no code is looked at now."""
        return self.locked_until is not None and self.locked_until > now

    def after_bad(self, now: datetime) -> "Tries":
        """Return what is known after one more wrong code."""
        bad_at = (*(at for at in self.bad_at if at > now - HOUR), now)
        in_a_row, until = self.in_a_row + 1, None
        if in_a_row >= LOCK_AFTER:
            in_a_row, until = 0, now + LOCK
        if len(bad_at) >= MOST_AN_HOUR:
            until = max(until or now, bad_at[-MOST_AN_HOUR] + HOUR)
        return Tries(bad_at=bad_at, in_a_row=in_a_row, locked_until=until)

    def after_good(self) -> "Tries":
        """Return what is known after a right code."""
        return Tries(bad_at=self.bad_at)
