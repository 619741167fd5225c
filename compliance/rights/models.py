"""What people asked of a clinic about their data, and what came of it."""

from django.db import models
from django.db.models import Q

from compliance.rights.saga import Checkpoint
from compliance.rights.words import GROUNDS, VERIFIED
from sondervoice.kernel.rights import RightsKind
from sondervoice.kernel.tenancy import TenantModel

_KINDS = [(kind.value, kind.value) for kind in RightsKind]
_CHECKPOINTS = [(one.value, one.value) for one in Checkpoint]
_VERIFIED = [(word, word) for word in VERIFIED]
_GROUNDS = [(word, word) for word in GROUNDS]


class RightsRequest(TenantModel):
    """One person asks one thing. Who it was is forgotten once that is not needed.

    Attributes:
        asking_id: What the person asked at the public door; null if staff entered it.
        phone_index: Blind index of the number, as calls have it; finds what it covers.
        phone_sealed: E.164 under the request's own key, as `email_sealed` and
            `words_sealed` are; no bytes when empty or forgotten.
        extension_sealed: The clinic's own words, under the same key.
        refusal_sealed: The clinic's own words, under a key of their own: they are
            emptied some time later.
        verified: How staff made sure who asks; empty at the door, which proves it.
        due_on: Of the clinic's calendar, put off at most once: `extended_at`.
        reminded_days: Which reminder was sent last; 0 is that of the day itself.
        stuck_at: When it was last told that a step takes more than a day.
        package_until: Until when a package may be fetched; then the person is
            forgotten.
    """

    class Source(models.TextChoices):
        """Who took it."""

        DOOR = "door"
        STAFF = "staff"

    kind = models.CharField(max_length=8, choices=_KINDS)
    source = models.CharField(max_length=8, choices=Source.choices)
    asking_id = models.UUIDField(null=True)
    phone_index = models.BinaryField(max_length=32)
    phone_sealed = models.BinaryField()
    email_sealed = models.BinaryField(default=b"")
    words_sealed = models.BinaryField(default=b"")
    verified = models.CharField(max_length=12, choices=_VERIFIED, blank=True)
    entered_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    extended_at = models.DateTimeField(null=True)
    extension_sealed = models.BinaryField(default=b"")
    checkpoint = models.CharField(
        max_length=10, choices=_CHECKPOINTS, default=Checkpoint.RECEIVED.value
    )
    moved_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    refusal_ground = models.CharField(max_length=12, choices=_GROUNDS, blank=True)
    refusal_sealed = models.BinaryField(default=b"")
    reminded_days = models.PositiveSmallIntegerField(null=True)
    stuck_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)
    package_until = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        """One a kind and asking; who is not forgotten can be found."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "asking_id", "kind"], name="rights_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(source="door", asking_id__isnull=False)
                | Q(source="staff", asking_id=None, entered_by__isnull=False),
                name="rights_says_who_took_it",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None) & ~Q(phone_index=b"")
                | Q(
                    forgotten_at__isnull=False,
                    phone_index=b"",
                    phone_sealed=b"",
                    email_sealed=b"",
                    words_sealed=b"",
                ),
                name="rights_forgets_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "due_on"],
                condition=Q(concluded_at=None),
                name="rights_open",
            )
        ]

    def __str__(self) -> str:
        """Return the kind and the id."""
        return f"{self.kind} request {self.id}"


class RightsStep(TenantModel):
    """A checkpoint that a request came to.

    Attributes:
        number: 1 is `received`; a hold can bring one checkpoint twice.
        counts: Numbers and ids alone: how much of what.
    """

    request = models.ForeignKey(
        RightsRequest, on_delete=models.PROTECT, related_name="steps"
    )
    number = models.PositiveSmallIntegerField()
    checkpoint = models.CharField(max_length=10, choices=_CHECKPOINTS)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    counts = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        """Steps count from 1."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "request", "number"], name="rights_step_once"
            )
        ]

    def __str__(self) -> str:
        """Return the checkpoint and the id."""
        return f"{self.checkpoint} {self.id}"


class CallerMark(TenantModel):
    """Something a clinic must mind about all calls of one number.

    Attributes:
        caller_index: Blind index of the number, as calls have it; opens nothing.
        reason_sealed: Why it was lifted, under the mark's own key; emptied some time
            later.
    """

    class Kind(models.TextChoices):
        """What is to be minded."""

        RESTRICTED = "restricted"
        OBJECTED = "objected"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    caller_index = models.BinaryField(max_length=32)
    request = models.ForeignKey(
        RightsRequest, on_delete=models.PROTECT, related_name="marks"
    )
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.UUIDField(null=True)
    reason_sealed = models.BinaryField(default=b"")

    class Meta(TenantModel.Meta):
        """One standing mark of a kind a number."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "caller_index"],
                condition=Q(lifted_at=None),
                name="caller_mark_once",
            )
        ]

    def __str__(self) -> str:
        """Return the kind and the id."""
        return f"{self.kind} mark {self.id}"
