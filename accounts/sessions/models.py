"""A sign-in and what became of it."""

from django.db import models

from accounts.models import User
from sondervoice.kernel.ids import uuid7


class EndReason(models.TextChoices):
    """Why a session is over."""

    SIGNED_OUT = "signed_out"
    SUPERSEDED = "superseded"
    IDLE = "idle"
    TOO_OLD = "too_old"
    ENDED_BY_PERSON = "ended_by_person"
    ENDED_BY_CLINIC = "ended_by_clinic"
    CHANGED = "changed"


class LoginSession(models.Model):
    """One sign-in of a person; the row decides whether the session stands.

    Attributes:
        key_sha256: Of the session's key, which is in the browser's cookie alone.
        epoch: The person's `session_epoch` that the session goes by.
        last_seen_at: Of what the person did, not of what the page does by itself; at
            most a minute old.
        device: Words of ours about the browser, as ``Chrome on Windows``.
        place: As a proxy says it; empty where none does.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key_sha256 = models.BinaryField(max_length=32)
    epoch = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, choices=EndReason, blank=True)
    device = models.CharField(max_length=60)
    address = models.GenericIPAddressField()
    place = models.CharField(max_length=80, blank=True)

    class Meta:
        """A person has one session at most that is not over."""

        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(ended_at=None),
                name="login_session_one_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, end_reason="")
                | models.Q(ended_at__isnull=False) & ~models.Q(end_reason=""),
                name="login_session_ends_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "started_at"], name="login_session_by_start")
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"session {self.id}"
