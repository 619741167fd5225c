"""How far a clinic's calls are counted; the counts have a schema of their own."""

from django.db import models

from sondervoice.kernel.tenancy import TenantModel


class StatisticsMark(TenantModel):
    """Where the next group of a clinic's weeks begins.

    Attributes:
        next_on: A Monday, in the clinic's zone.
        counted_until: Up to which instant calls are counted, null before the first.
    """

    next_on = models.DateField()
    counted_until = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        """One a clinic."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization"], name="statistics_mark_once"
            )
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"statistics mark {self.id}"
