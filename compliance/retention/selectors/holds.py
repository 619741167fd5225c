"""What the clinic of the open scope holds back."""

from django.db.models import QuerySet

from compliance.retention.models import LegalHold
from sondervoice.kernel.personal_data import Hold


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
