"""How long a clinic keeps things, what is held back, and what went when."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from compliance.retention.rules import DAYS_AT_LEAST, DAYS_AT_MOST, DAYS_DEFAULT
from sondervoice.kernel.tenancy import TenantModel

_RANGE = (DAYS_AT_LEAST, DAYS_AT_MOST)


class RetentionPolicy(TenantModel):
    """A clinic's days; one that never chose has no row and keeps all for 180.

    Attributes:
        transcript_outlives: It was chosen that words may stay longer than their sound.
    """

    audio_days = models.PositiveSmallIntegerField(default=DAYS_DEFAULT)
    transcript_days = models.PositiveSmallIntegerField(default=DAYS_DEFAULT)
    fields_days = models.PositiveSmallIntegerField(default=DAYS_DEFAULT)
    metadata_days = models.PositiveSmallIntegerField(default=DAYS_DEFAULT)
    transcript_outlives = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        """One a clinic, within the range."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization"], name="retention_policy_once"
            ),
            models.CheckConstraint(
                condition=Q(audio_days__range=_RANGE)
                & Q(transcript_days__range=_RANGE)
                & Q(fields_days__range=_RANGE)
                & Q(metadata_days__range=_RANGE),
                name="retention_days_in_range",
            ),
            models.CheckConstraint(
                condition=Q(transcript_outlives=True)
                | Q(transcript_days__lte=models.F("audio_days")),
                name="transcript_with_its_recording",
            ),
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"retention policy {self.id}"


class LegalHold(TenantModel):
    """What may not be erased until somebody releases it, and why.

    Attributes:
        call_id: For `CALL`.
        caller_index: For `CALLER`: blind index of the number; empty otherwise, and
            when it is forgotten.
        since: For `PERIOD`, inclusive.
        until: For `PERIOD`, exclusive.
        reason_sealed: In a person's own words, under the hold's own key, as
            `release_reason_sealed` is.
        review_on: When somebody should ask whether it is still needed.
        forgotten_at: When words and index were emptied, some time after its release;
            the key goes next.
    """

    class Scope(models.TextChoices):
        """What is held."""

        CALL = "call", "One call"
        CALLER = "caller", "All calls of one number"
        PERIOD = "period", "All calls of some days"
        ALL = "all", "Everything"

    scope = models.CharField(max_length=8, choices=Scope.choices)
    call_id = models.UUIDField(null=True)
    caller_index = models.BinaryField(max_length=32, default=b"")
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    reason_sealed = models.BinaryField()
    review_on = models.DateField()
    placed_at = models.DateTimeField()
    placed_by = models.UUIDField()
    released_at = models.DateTimeField(null=True)
    released_by = models.UUIDField(null=True)
    release_reason_sealed = models.BinaryField(default=b"")
    forgotten_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        """A scope says what it covers: a hold that forgot would cover all or none."""

        constraints = [
            models.CheckConstraint(
                condition=Q(scope="all")
                | Q(scope="call", call_id__isnull=False)
                | (Q(scope="caller") & ~Q(caller_index=b""))
                | Q(scope="period", since__lt=models.F("until"))
                | Q(forgotten_at__isnull=False),
                name="hold_says_what_it_covers",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None)
                | Q(
                    released_at__isnull=False,
                    caller_index=b"",
                    reason_sealed=b"",
                    release_reason_sealed=b"",
                ),
                name="hold_forgets_whole",
            ),
        ]

    def __str__(self) -> str:
        """Return the scope and the id."""
        return f"hold {self.scope} {self.id}"


class RetentionRun(TenantModel):
    """One purge of one clinic: a night's, or of what somebody decided must go.

    Attributes:
        kind: What chooses the rows; `selections.py` knows each.
        cause_id: What asked for it, where it is not the clock; one run a cause.
        due_at: When it was due: 03:00 UTC of a night, else when it was decided.
        finished_at: When a second look had found nothing left.
        audio_held_count: What a hold kept when it was finished, at most a thousand
            rows of each holder; so of the other kinds.
    """

    NIGHT = "night"

    kind = models.CharField(max_length=12, default=NIGHT)
    cause_id = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    audio_count = models.PositiveIntegerField(default=0)
    transcript_count = models.PositiveIntegerField(default=0)
    fields_count = models.PositiveIntegerField(default=0)
    metadata_count = models.PositiveIntegerField(default=0)
    audio_held_count = models.PositiveIntegerField(default=0, db_default=0)
    transcript_held_count = models.PositiveIntegerField(default=0, db_default=0)
    fields_held_count = models.PositiveIntegerField(default=0, db_default=0)
    metadata_held_count = models.PositiveIntegerField(default=0, db_default=0)

    class Meta(TenantModel.Meta):
        """One run a night, and one a cause."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "due_at"],
                condition=Q(kind="night"),
                name="retention_run_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "kind", "cause_id"],
                condition=~Q(kind="night"),
                name="retention_run_once_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(kind="night", cause_id=None)
                | (~Q(kind="night") & Q(cause_id__isnull=False)),
                name="retention_run_has_its_cause",
            ),
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"retention run {self.id}"


class RetentionBatch(TenantModel):
    """Rows erased in one transaction, until a second look has found nothing of them.

    Attributes:
        holder: Name of the holder that erased them.
        ids: Of the rows; emptied by the second look.
    """

    run = models.ForeignKey(
        RetentionRun, on_delete=models.PROTECT, related_name="batches"
    )
    holder = models.CharField(max_length=60)
    ids = ArrayField(models.UUIDField())
    erased_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        """Only what waits for its second look is asked for."""

        indexes = [
            models.Index(
                fields=["organization", "run"],
                condition=Q(checked_at=None),
                name="retention_batch_unchecked",
            )
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"retention batch {self.id}"
