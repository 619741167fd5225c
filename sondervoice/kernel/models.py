"""The outbox: every job is a row written in the transaction that wants it."""

from django.db import models

from sondervoice.kernel.ids import uuid7


class OutboxJob(models.Model):
    """One job for one receiver; only ids travel.

    Rows of an organization are seen in its scope, rows of none outside any. A worker
    learns of both through `claim_jobs`, which returns ids and the job's name alone.

    Attributes:
        purpose: Why personal data leave with it; empty for a job that hands on none.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization_id = models.UUIDField(null=True)
    task = models.CharField(max_length=100)
    ids = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure_code = models.CharField(max_length=60, blank=True)
    is_slow = models.BooleanField(default=False, db_default=False)
    purpose = models.CharField(max_length=20, blank=True, db_default="")

    class Meta:
        """Only what waits is indexed."""

        db_table = "outbox_jobs"
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(done_at=None, failed_at=None, is_slow=is_slow),
                name=name,
            )
            for name, is_slow in (("outbox_soon", False), ("outbox_slow", True))
        ]

    def __str__(self) -> str:
        """Return the job's name and id."""
        return f"{self.task} {self.id}"
