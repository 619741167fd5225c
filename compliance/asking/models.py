"""What people have asked, who they are as far as proven, and how far it is."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.rights import RightsKind

_KINDS = [(one.value, one.value) for one in RightsKind]


class Asking(models.Model):
    """What somebody asked at `/forget-me/`; it belongs to no clinic.

    Seen by the pages of askings alone (purpose `asking`).

    Attributes:
        sealed_by: Id of the secret that sealed the three columns before it.
        code_number: Counts the codes; only the last one's is good. The first proves the
            telephone, the later ones show the answers.
        code_asked_at: Null once the code was used.
        settled_at: When each clinic had said whether it knows the person.
        finished_at: When nothing more is to come.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=_KINDS)
    language = models.CharField(max_length=10)
    phone_sealed = models.BinaryField(default=b"")
    email_sealed = models.BinaryField(default=b"")
    words_sealed = models.BinaryField(default=b"")
    sealed_by = models.CharField(max_length=8)
    code_number = models.PositiveSmallIntegerField(default=0)
    code_asked_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    email_proven_at = models.DateTimeField(null=True)
    phone_proven_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """The clock asks for what is old."""

        indexes = [
            models.Index(fields=["asked_at"], name="asking_by_age"),
            models.Index(
                fields=["finished_at"],
                condition=Q(finished_at__isnull=False),
                name="asking_finished",
            ),
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"asking {self.id}"

    @property
    def is_proven(self) -> bool:
        """Return whether the person has shown that one of the two is theirs."""
        return bool(self.email_proven_at or self.phone_proven_at)


class AskedClinic(models.Model):
    """One clinic that an asking goes to: the asker's row, which no clinic sees.

    Attributes:
        clinic_id: Id of the organization.
        request_id: The clinic's own request, null while or where there is none.
        answered_at: When the clinic had concluded it.
    """

    class Status(models.TextChoices):
        """How far it is there."""

        WAITING = "waiting"
        UNKNOWN = "unknown"
        OPEN = "open"
        ANSWERED = "answered"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    asking = models.ForeignKey(Asking, on_delete=models.PROTECT, related_name="clinics")
    clinic_id = models.UUIDField()
    status = models.CharField(
        max_length=8, choices=Status.choices, default=Status.WAITING
    )
    request_id = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """Each clinic is asked once; what waits is looked for."""

        constraints = [
            models.UniqueConstraint(
                fields=["asking", "clinic_id"], name="asked_clinic_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["asking"],
                condition=Q(status="waiting"),
                name="asked_clinic_waiting",
            )
        ]

    def __str__(self) -> str:
        """Return the status and the id."""
        return f"asked clinic {self.status} {self.id}"


class PrivacyRequest(models.Model):
    """What a person with an account asked of us about their own data.

    Attributes:
        words_sealed: In the person's words.
        sealed_by: Id of the secret that sealed the words when they were written.
        due_at: A month after it was asked, or later where it was put off.
        put_off_sealed: Why it was put off, in an operator's words.
        answer_sealed: What we answered.
        reminded_at: When the one who answers was reminded.
        overdue_at: When it was said that it is late.
    """

    class Status(models.TextChoices):
        """How far it is."""

        OPEN = "open"
        DONE = "done"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=_KINDS)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    words_sealed = models.BinaryField(default=b"")
    sealed_by = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    put_off_at = models.DateTimeField(null=True)
    put_off_sealed = models.BinaryField(default=b"")
    answered_at = models.DateTimeField(null=True)
    answer_sealed = models.BinaryField(default=b"")
    reminded_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)

    class Meta:
        """Open ones are watched; an answer has its time."""

        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", answered_at=None)
                | (~Q(status="open") & Q(answered_at__isnull=False)),
                name="privacy_request_answered",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status="open"),
                name="privacy_request_open",
            ),
            models.Index(fields=["user", "asked_at"], name="privacy_request_of"),
        ]

    def __str__(self) -> str:
        """Return the kind and the id."""
        return f"privacy request {self.kind} {self.id}"
