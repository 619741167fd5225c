"""What callers left for the staff."""

from django.db import models

from sondervoice.kernel.soft_delete import (
    DeletableModel,
    deletion_constraint,
    deletion_index,
)


class Message(DeletableModel):
    """One message for the staff.

    Attributes:
        text_sealed: The words as heard, sealed under the call's own key.
        is_note: The words are the receptionist's about the caller.
        name_sealed: Who left it, sealed likewise; empty text when not said.
        phone_sealed: E.164 to call back on, sealed likewise.
        phone_index: Blind index of that number, as calls have it; null when there is
            none, so that no bytes find it.
        clip_started_ms: Where the message is in the call's sound, when it was kept.
    """

    part_of = "call"

    class Status(models.TextChoices):
        """Where a message stands."""

        NEW = "new"
        HANDLED = "handled"

    call = models.ForeignKey(
        "telephony.Call", on_delete=models.PROTECT, related_name="messages"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEW)
    is_urgent = models.BooleanField(default=False)
    is_note = models.BooleanField(default=False)
    text_sealed = models.BinaryField()
    name_sealed = models.BinaryField()
    phone_sealed = models.BinaryField()
    phone_index = models.BinaryField(max_length=32, null=True)
    clip_started_ms = models.PositiveIntegerField(null=True)
    clip_ended_ms = models.PositiveIntegerField(null=True)
    left_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(DeletableModel.Meta):
        """Read newest first."""

        constraints = [deletion_constraint("message_deleted_has_its_date")]
        indexes = [
            deletion_index("message_deleted"),
            models.Index(
                fields=["organization", "status", "-left_at"], name="message_by_status"
            ),
            models.Index(
                fields=["organization", "phone_index"], name="message_by_number"
            ),
        ]

    def __str__(self) -> str:
        """Return the state and the id."""
        return f"message {self.status} {self.id}"
