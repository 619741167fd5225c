"""An account that is being closed, and who was written to about it."""

from django.db import models

from compliance.closing.closing_dates import ClosingDates
from sondervoice.kernel.tenancy import TenantModel


class Closing(TenantModel):
    """One closing of a clinic's account: what was confirmed, and how far it is.

    Attributes:
        step: The last checkpoint that was reached.
        is_held: A legal hold keeps something; the rest is gone.
        run_cause_id: Names the run of the engine that erases what callers left.
    """

    class Step(models.TextChoices):
        """The checkpoints, in their order; `UNDONE` stands beside them."""

        GRACE = "grace"
        CALLS_OFF = "calls_off"
        ERASING = "erasing"
        ERASED = "erased"
        KEYS_DESTROYED = "keys_destroyed"
        PEOPLE_LET_GO = "people_let_go"
        CLOSED = "closed"
        BILLING_PURGED = "billing_purged"
        UNDONE = "undone"

    step = models.CharField(max_length=16, choices=Step.choices, default=Step.GRACE)
    is_held = models.BooleanField(default=False)
    run_cause_id = models.UUIDField(null=True)
    asked_by = models.UUIDField()
    undone_by = models.UUIDField(null=True)

    # What was confirmed; see `ClosingDates`.
    asked_at = models.DateTimeField()
    calls_stop_at = models.DateTimeField()
    reminder_at = models.DateTimeField()
    grace_ends_at = models.DateTimeField()
    personal_gone_by = models.DateTimeField()
    personal_backups_by = models.DateTimeField()
    billing_kept_until = models.DateTimeField()
    billing_gone_by = models.DateTimeField()
    billing_backups_by = models.DateTimeField()
    record_until = models.DateTimeField()

    # When each checkpoint was reached.
    calls_off_at = models.DateTimeField(null=True)
    erasing_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    keys_destroyed_at = models.DateTimeField(null=True)
    people_let_go_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    billing_purged_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        """One that stands; what was undone stays as it was."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(undone_at=None),
                name="closing_once",
            ),
            models.CheckConstraint(
                condition=models.Q(step="undone", undone_at__isnull=False)
                | (~models.Q(step="undone") & models.Q(undone_at=None)),
                name="closing_is_undone_or_not",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at=None)
                | models.Q(undone_at__lt=models.F("grace_ends_at")),
                name="closing_is_undone_in_grace",
            ),
        ]

    def __str__(self) -> str:
        """Return the step and the id."""
        return f"closing {self.step} {self.id}"

    @property
    def dates(self) -> ClosingDates:
        """What was confirmed."""
        names = ClosingDates.__dataclass_fields__
        return ClosingDates(**{name: getattr(self, name) for name in names})


class ClosingLetter(TenantModel):
    """One letter to one person about a closing.

    Attributes:
        is_agency: They administer the agency that looks after the clinic.
    """

    class Kind(models.TextChoices):
        """What it tells."""

        ASKED = "asked"
        REMINDER = "reminder"
        ERASED = "erased"
        CLOSED = "closed"

    closing = models.ForeignKey(
        Closing, on_delete=models.PROTECT, related_name="letters"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    user_id = models.UUIDField()
    is_agency = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        """One of a kind for each person."""

        constraints = [
            models.UniqueConstraint(
                fields=["closing", "kind", "user_id"], name="closing_letter_once"
            )
        ]

    def __str__(self) -> str:
        """Return the kind and the id."""
        return f"letter {self.kind} {self.id}"
