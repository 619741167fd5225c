"""What a clinic can show of each erasure."""

from django.db import models

from sondervoice.kernel.tenancy import TenantModel


class DeletionCertificate(TenantModel):
    """One for each run of which everything is gone, here and elsewhere.

    Attributes:
        number: Counts from 1 in each clinic.
        body: What it says (`body.py`); no personal values.
        note: Signs the hash of the body, as a C2SP signed note.
    """

    number = models.PositiveIntegerField()
    run = models.OneToOneField(
        "compliance.RetentionRun", on_delete=models.PROTECT, related_name="certificate"
    )
    issued_at = models.DateTimeField()
    body = models.JSONField()
    note = models.TextField()

    class Meta(TenantModel.Meta):
        """A number is given once."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"], name="certificate_number_once"
            )
        ]

    def __str__(self) -> str:
        """Return the number and the id."""
        return f"certificate {self.number} {self.id}"
