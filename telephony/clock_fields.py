"""The four clocks of a call: from when each kind must be gone, and when it went."""

from typing import Final

from django.db import models
from django.db.models import Q

from sondervoice.kernel.personal_data import DATA_CLASSES


class CallClocks(models.Model):
    """Columns of a call: `<kind>_erase_after` and `<kind>_erased_at`.

    The dates are written when the call ends and may only come nearer.
    """

    audio_erase_after = models.DateTimeField(null=True)
    transcript_erase_after = models.DateTimeField(null=True)
    fields_erase_after = models.DateTimeField(null=True)
    metadata_erase_after = models.DateTimeField(null=True)
    audio_erased_at = models.DateTimeField(null=True)
    transcript_erased_at = models.DateTimeField(null=True)
    fields_erased_at = models.DateTimeField(null=True)
    metadata_erased_at = models.DateTimeField(null=True)

    class Meta:
        """Part of the calls' own table."""

        abstract = True


CLOCK_CONSTRAINTS: Final = [
    # Fails closed: a call without a date would never go.
    models.CheckConstraint(
        condition=~Q(status__in=["ended", "failed"])
        | Q(**{f"{kind}_erase_after__isnull": False for kind in DATA_CLASSES}),
        name="call_ended_has_its_dates",
    )
]
CLOCK_INDEXES: Final = [
    models.Index(
        fields=["organization", f"{kind}_erase_after"],
        condition=Q(**{f"{kind}_erased_at": None}),
        name=f"call_{kind}_due",
    )
    for kind in DATA_CLASSES
]
