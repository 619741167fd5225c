"""What the clinic of the open scope holds back."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import QuerySet

from compliance.retention.models import LegalHold
from sondervoice.kernel.personal_data import (
    DATA_CLASSES,
    DataClass,
    Hold,
    Selection,
    holders,
)

HELD_AT_MOST: Final = 1_000


def list_standing_holds() -> QuerySet[LegalHold]:
    """Return holds that nobody has released, those to be reviewed first in front."""
    return LegalHold.objects.filter(released_at=None).order_by("review_on", "id")


def covered() -> list[Hold]:
    """Return what may not be erased now."""
    return [
        Hold(
            call_id=hold.call_id,
            caller_index=bytes(hold.caller_index) or None,
            since=hold.since,
            until=hold.until,
        )
        for hold in list_standing_holds()
    ]


def count_held(selection: Selection, holds: Sequence[Hold]) -> Mapping[DataClass, int]:
    """Return how much would go but for `holds`, where nothing else is left to go.

    At most `HELD_AT_MOST` rows of each holder.
    """
    counts = dict.fromkeys(DATA_CLASSES, 0)
    if holds:
        for holder in holders():
            found = holder.count_due(selection, limit=HELD_AT_MOST)
            counts[holder.data_class] += found
    return counts
