"""Counts that tell of nobody: each is of eleven calls at least, and so is what is left.

A group of calls is published by the finest way in which every bucket has none or at
least `FEWEST`. Buckets add up to all, so that there is nothing to subtract. That a
finer way was passed over says that some class in it was small, and not how small:
whatever one of the classes in a bucket counts, another one can count the rest.

Source: CMS cell size suppression policy, under which no cell from 1 to 10 is published
and none may be derived from others:
https://www.hhs.gov/guidance/document/cms-cell-suppression-policy
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from telephony.statistics.measures import Way

FEWEST: Final = 11


def publish(counts: Mapping[str, int], ways: Iterable[Way]) -> dict[str, int]:
    """Return the counts of the finest way that fits, without buckets of none.

    Args:
        counts: Of each class, of a group of calls.
        ways: Finest first.

    Returns:
        Nothing where no way fits that would say more than how many there are in all.
    """
    for way in ways:
        summed = {
            bucket: sum(counts.get(one, 0) for one in classes)
            for bucket, classes in way.items()
        }
        found = {bucket: count for bucket, count in summed.items() if count}
        if len(found) > 1 and all(count >= FEWEST for count in found.values()):
            return found
    return {}


def publish_days(counts: Mapping[date, int]) -> dict[date, int]:
    """Return the count of each day, if every day has none or enough; else nothing."""
    found = {day: count for day, count in counts.items() if count}
    is_fit = len(found) > 1 and all(count >= FEWEST for count in found.values())
    return found if is_fit else {}
