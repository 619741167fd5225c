"""One row of the record: who did what to which thing, in ids and field names."""

from typing import ClassVar, Self

from django.db import models

from compliance.ledger.findings import words_of
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.tenancy import TenantManager


class AuditLog(models.Model):
    """An append-only row; the database refuses to change or remove one.

    The table is partitioned by month of `at`; its primary key there is (id, at). Rows
    of no organization (`organization_id` null) concern the product as a whole.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    action = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    fields = models.JSONField(default=list)
    facts = models.JSONField(default=dict)

    objects: ClassVar[TenantManager[Self]] = TenantManager()
    unscoped: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        """The database's own DDL makes the table (migration 0001)."""

        db_table = "audit_logs"
        managed = False

    def __str__(self) -> str:
        """Return the action and the row's id."""
        return f"{self.action} {self.id}"


class Verification(models.Model):
    """One look at the whole record, over all organizations; read by operators alone.

    Attributes:
        due_at: The instant of the day for which it was made.
        rows: Sealed rows that were compared with what they say now.
        findings: How many things were not as they were sealed.
        kinds: How many of each `Wrong`.
    """

    due_at = models.DateTimeField(primary_key=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    rows = models.BigIntegerField()
    anchors = models.BigIntegerField()
    findings = models.BigIntegerField()
    kinds = models.JSONField()

    class Meta:
        """The sealer alone writes it (migration 0013)."""

        db_table = "ledger_verifications"
        managed = False

    def __str__(self) -> str:
        """Return the instant of the day."""
        return f"verification of {self.due_at}"

    @property
    def words(self) -> str:
        """How many findings of which kind, on one line."""
        return words_of(self.kinds)
