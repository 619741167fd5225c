"""What was asked of processors, and what they answered."""

from django.db import models
from django.db.models import Q

from sondervoice.kernel.tenancy import TenantModel


class CopyRun(TenantModel):
    """How far the copies of one run are.

    Attributes:
        settled_at: When no leg waited any more and the run was finished.
        gone_at: When all of them were gone.
        told_at: When somebody was last told that one is stuck.
    """

    run = models.OneToOneField(
        "compliance.RetentionRun", on_delete=models.PROTECT, related_name="copies"
    )
    settled_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        """What is gone is settled."""

        constraints = [
            models.CheckConstraint(
                condition=Q(gone_at=None) | Q(settled_at__isnull=False),
                name="copies_gone_are_settled",
            )
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"copies of run {self.run_id}"


class ErasureLeg(TenantModel):
    """One place where a copy may be, until a look there has found nothing.

    Attributes:
        reference_sealed: What finds it there, under the organization's key; emptied
            once nothing is there.
        found: How many copies it was that the processor had, over all tries.
        last_answer: Status code or our word for no answer.
        answered_at: When the processor last answered, whatever it was.
        looked_at: When the look found nothing.
        escalated_at: When a person was told; it is still tried.
    """

    class State(models.TextChoices):
        """Whether anything can still be there."""

        WAITING = "waiting", "Being deleted"
        ESCALATED = "escalated", "Needs a person"
        GONE = "gone", "Gone"

    run = models.ForeignKey(
        "compliance.RetentionRun", on_delete=models.PROTECT, related_name="legs"
    )
    processor = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    call_id = models.UUIDField()
    reference_sealed = models.BinaryField()
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    found = models.PositiveSmallIntegerField(default=0)
    last_answer = models.CharField(max_length=30, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        """One leg a copy and run; what is gone was looked at and names nothing."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "run", "processor", "kind", "call_id"],
                name="erasure_leg_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="gone")
                | Q(
                    looked_at__isnull=False,
                    answered_at__isnull=False,
                    reference_sealed=b"",
                ),
                name="leg_gone_was_looked_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "call_id"], name="erasure_leg_by_call"
            ),
            models.Index(
                fields=["organization", "run"],
                condition=~Q(state="gone"),
                name="erasure_leg_open",
            ),
        ]

    def __str__(self) -> str:
        """Return the state and the id."""
        return f"erasure leg {self.state} {self.id}"
