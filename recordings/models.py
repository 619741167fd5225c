"""What a call left behind: its sound and its words."""

from datetime import datetime

from django.db import models

from sondervoice.kernel.soft_delete import PartModel


class Recording(PartModel):
    """The sound of one call, both sides, sealed in pieces under the call's own key.

    Attributes:
        duration_ms: Length of the sound; both sides share one clock.
        size_bytes: Bytes in storage, sealed.
        place: Which storage it is in: ``files``, or ``s3:REGION:BUCKET``. It stays when
            the sound is erased: a copy there is looked for.
        object_name: Name in the storage; empty until it is stored.
        peaks: Loudness per stretch for the picture, at most 150 pairs (caller, agent)
            of 0 to 100; null where nothing was recorded.
    """

    part_of = "call"

    class Status(models.TextChoices):
        """Where a recording stands."""

        SPOOLING = "spooling"
        STORED = "stored"
        EMPTY = "empty"
        ERASED = "erased"

    call = models.OneToOneField(
        "telephony.Call", on_delete=models.PROTECT, related_name="recording"
    )
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.SPOOLING
    )
    duration_ms = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveBigIntegerField(default=0)
    place = models.CharField(max_length=100, default="files")
    object_name = models.CharField(max_length=200, blank=True)
    peaks = models.JSONField(default=list)
    stored_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return the state and the id."""
        return f"recording {self.status} {self.id}"

    @property
    def erase_after(self) -> datetime:
        """Return from when it must be gone: the clock is the call's."""
        due = self.call.audio_erase_after
        if due is None:
            raise ValueError("a recording's call has ended")
        return due


class Utterance(PartModel):
    """One line of the transcript, sealed under the call's own key.

    Times are milliseconds since the call was answered.

    Attributes:
        number: Running number in the call; ties in time keep their order.
        heard: For the agent: ``full``, ``part`` or ``none``, by the carrier's mark
            echo; empty for the caller.
        heard_sealed: The part that was heard, when it is a part.
        is_sure: False when the ear was guessing.
        is_hidden: Something was taken out before the words were kept (a card number).
    """

    part_of = "call"

    class Speaker(models.TextChoices):
        """Who spoke."""

        CALLER = "caller"
        AGENT = "agent"

    class Heard(models.TextChoices):
        """How much of the agent's sentence the caller heard."""

        FULL = "full"
        PART = "part"
        NONE = "none"

    call = models.ForeignKey(
        "telephony.Call", on_delete=models.PROTECT, related_name="utterances"
    )
    number = models.PositiveIntegerField()
    speaker = models.CharField(max_length=6, choices=Speaker.choices)
    language = models.CharField(max_length=8)
    text_sealed = models.BinaryField()
    started_ms = models.PositiveIntegerField()
    ended_ms = models.PositiveIntegerField(null=True)
    heard = models.CharField(max_length=4, choices=Heard.choices, blank=True)
    heard_sealed = models.BinaryField(null=True)
    is_sure = models.BooleanField(default=True)
    is_hidden = models.BooleanField(default=False)
    is_disclosure = models.BooleanField(default=False)

    class Meta(PartModel.Meta):
        """A number is given once in a call."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "call", "number"], name="utterance_once"
            )
        ]

    def __str__(self) -> str:
        """Return the speaker and the id."""
        return f"{self.speaker} {self.id}"
