"""How often a wrong code may be tried: the rule, without a database."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

LOCK_AFTER: Final = 5
LOCK: Final = timedelta(minutes=15)
HOUR: Final = timedelta(hours=1)
# Of one account, wherever they come from.
MOST_AN_HOUR: Final = 10
# Of those. The others are left to the browsers that know the person, so that who
# guesses with a stolen password does not shut the owner out of the own desk.
STRANGERS_AN_HOUR: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """What is known of a person's wrong codes.

    Attributes:
        bad_at: Those of the last hour from strangers' browsers and from programs, the
            oldest first. A right code forgives none: whoever guesses beside the owner
            would be given new tries by them.
        known_bad_at: Those from browsers that know the person.
        in_a_row: Strangers', since the last right code or the last lock.
        locked_until: When the next one of a stranger is looked at, after five in a row.
    """

    bad_at: tuple[datetime, ...] = ()
    known_bad_at: tuple[datetime, ...] = ()
    in_a_row: int = 0
    locked_until: datetime | None = None

    def closed_until(self, now: datetime, *, is_known: bool) -> datetime | None:
        """Return when the next code is looked at, or None for at once.

        Args:
            is_known: Whether it comes from a browser that knows the person.
        """
        ends = [_full_until(self.bad_at + self.known_bad_at, MOST_AN_HOUR)]
        if not is_known:
            ends += [_full_until(self.bad_at, STRANGERS_AN_HOUR), self.locked_until]
        return max((end for end in ends if end and end > now), default=None)

    def after_bad(self, now: datetime, *, is_known: bool) -> "Tries":
        """Return what is known after one more wrong code."""
        before = self.known_bad_at if is_known else self.bad_at
        bad_at = (*(at for at in before if at > now - HOUR), now)
        if is_known:
            return replace(self, known_bad_at=bad_at)
        in_a_row, until = self.in_a_row + 1, None
        if in_a_row >= LOCK_AFTER:
            in_a_row, until = 0, now + LOCK
        return replace(self, bad_at=bad_at, in_a_row=in_a_row, locked_until=until)

    def after_good(self) -> "Tries":
        """Return what is known after a right code, or a passkey."""
        return replace(self, in_a_row=0, locked_until=None)


def _full_until(bad_at: tuple[datetime, ...], most: int) -> datetime | None:
    """Return when there are fewer than `most` in the hour before."""
    newest = sorted(bad_at)[-most:]
    return newest[0] + HOUR if len(newest) == most else None
