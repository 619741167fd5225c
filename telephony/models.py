"""Numbers, calls, and what passes between us and the carrier."""

from django.db import models

from sondervoice.kernel.soft_delete import (
    DeletableModel,
    PartModel,
    deletion_constraint,
    deletion_index,
)
from sondervoice.kernel.tenancy import TenantModel
from telephony.call_states import TERMINAL, CallStatus
from telephony.clock_fields import CLOCK_CONSTRAINTS, CLOCK_INDEXES, CallClocks
from telephony.reception.models import AgentVersion


class Location(TenantModel):
    """One place of a clinic's, as its people call it."""

    name = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        """One place a name."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="location_name_once"
            )
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"location {self.id}"


class PhoneNumber(TenantModel):
    """A number of the clinic's, its place, and the receptionist who answers it."""

    e164 = models.CharField(max_length=16, unique=True)
    agent_version = models.ForeignKey(AgentVersion, on_delete=models.PROTECT)
    location = models.ForeignKey(
        Location, null=True, on_delete=models.PROTECT, related_name="numbers"
    )

    def __str__(self) -> str:
        """Return the id; the number says which clinic it is."""
        return f"number {self.id}"


class Call(DeletableModel, CallClocks):
    """One call, with the rules it was answered under and what came of it.

    Attributes:
        caller_sealed: E.164 sealed under the call's own key; empty text when withheld,
            no bytes at all once it is erased.
        caller_index: Blind index of that number within the organization; no bytes once
            it is erased.
        capture: The frozen `CapturePolicy` as JSON: rules, versions and the notice.
        consent_answer: None until (and unless) asked and answered.
        dialogue: What another process needs to go on with the call, sealed.
        end_reason: Set before the end only where we know it first.
        line_seen_at: Last sign of life from the process that holds the line.
        line_epoch: How many lines have held this call; the newest speaks for it.
        stream_attempts: How often its stream was opened again.
        stream_lost_at: Since when no line holds it; null while one does.
        attended_at: When a person saw to an emergency that left no message.
        answer_p50_ms: Median time from the caller's last word to the answer's sound.
    """

    class Status(models.TextChoices):
        """The states of `call_states`."""

        RINGING = CallStatus.RINGING.value
        LIVE = CallStatus.LIVE.value
        ENDED = CallStatus.ENDED.value
        FAILED = CallStatus.FAILED.value

    class Outcome(models.TextChoices):
        """What came of it for the caller."""

        BOOKED = "booked"
        CANCELLED = "cancelled"
        MESSAGE = "message"
        TRANSFERRED = "transferred"
        EMERGENCY = "emergency"
        INFO = "info"
        NONE = "none"

    class EndReason(models.TextChoices):
        """Who or what ended it."""

        CALLER_HUNG_UP = "caller_hung_up"
        AGENT_HUNG_UP = "agent_hung_up"
        TRANSFERRED = "transferred"
        NO_ANSWER = "no_answer"
        LINE_LOST = "line_lost"
        TOO_LONG = "too_long"
        CARRIER = "carrier"

    number = models.ForeignKey(PhoneNumber, on_delete=models.PROTECT)
    agent_version = models.ForeignKey(AgentVersion, on_delete=models.PROTECT)
    carrier = models.CharField(max_length=20, default="telnyx")
    carrier_call_id = models.CharField(max_length=200, unique=True)
    direction = models.CharField(max_length=10, default="inbound")
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.RINGING
    )
    outcome = models.CharField(
        max_length=12, choices=Outcome.choices, default=Outcome.NONE
    )
    end_reason = models.CharField(max_length=20, choices=EndReason.choices, blank=True)
    language = models.CharField(max_length=8)
    caller_sealed = models.BinaryField()
    caller_index = models.BinaryField(max_length=32)
    caller_name_sealed = models.BinaryField(null=True)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    line_seen_at = models.DateTimeField(null=True)
    line_ended_at = models.DateTimeField(null=True)
    line_epoch = models.PositiveSmallIntegerField(default=0)
    stream_attempts = models.PositiveSmallIntegerField(default=0)
    stream_lost_at = models.DateTimeField(null=True)

    capture = models.JSONField(default=dict)
    disclosure_spoken_at = models.DateTimeField(null=True)
    disclosure_heard_at = models.DateTimeField(null=True)
    disclosure_language = models.CharField(max_length=8, blank=True)
    consent_asked_at = models.DateTimeField(null=True)
    consent_answered_at = models.DateTimeField(null=True)
    consent_answer = models.BooleanField(null=True)
    consent_method = models.CharField(max_length=10, blank=True)
    first_captured_at = models.DateTimeField(null=True)
    emergency_told_at = models.DateTimeField(null=True)
    attended_at = models.DateTimeField(null=True)
    attended_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )

    dialogue = models.BinaryField(null=True)
    answer_p50_ms = models.PositiveIntegerField(null=True)
    answer_p95_ms = models.PositiveIntegerField(null=True)

    class Meta(DeletableModel.Meta):
        """A call that has ended says when."""

        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status__in=["ended", "failed"])
                | models.Q(ended_at__isnull=False),
                name="call_ended_says_when",
            ),
            deletion_constraint("call_deleted_has_its_date"),
            *CLOCK_CONSTRAINTS,
        ]
        indexes = [
            models.Index(
                fields=["organization", "-started_at", "-id"], name="call_newest"
            ),
            models.Index(
                fields=["organization", "caller_index"], name="call_by_caller"
            ),
            models.Index(
                fields=["status"],
                condition=models.Q(status__in=["ringing", "live"]),
                name="call_open",
            ),
            deletion_index("call_deleted"),
            *CLOCK_INDEXES,
        ]

    def __str__(self) -> str:
        """Return the state and the id."""
        return f"call {self.status} {self.id}"

    @property
    def has_ended(self) -> bool:
        """Return whether the state is final."""
        return self.status in TERMINAL


class CarrierEvent(TenantModel):
    """One webhook, kept under the carrier's own event id so that repeats are free.

    Attributes:
        payload_sealed: The payload as JSON; `event_payload` knows under which key.
        effect: What it did, in a word: the new state, ``noted`` or ``late``.
    """

    carrier = models.CharField(max_length=20)
    carrier_event_id = models.CharField(max_length=100)
    carrier_call_id = models.CharField(max_length=200)
    event_type = models.CharField(max_length=60)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    payload_sealed = models.BinaryField()
    applied_at = models.DateTimeField(null=True)
    effect = models.CharField(max_length=20, blank=True)

    class Meta(TenantModel.Meta):
        """An event is stored once."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "carrier", "carrier_event_id"],
                name="carrier_event_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "carrier_call_id"], name="carrier_event_of_call"
            )
        ]

    def __str__(self) -> str:
        """Return the type and the id."""
        return f"{self.event_type} {self.id}"


class CarrierCommand(TenantModel):
    """Something the carrier was asked to do with a call.

    `command_id` is derived from call, kind and step, so that asking twice is free.

    Attributes:
        words_key: Which prepared sentence to speak, for ``speak``.
    """

    class Kind(models.TextChoices):
        """The commands of the port."""

        ANSWER = "answer"
        START_STREAM = "start_stream"
        SPEAK = "speak"
        TRANSFER = "transfer"
        HANG_UP = "hang_up"

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="commands")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    step = models.PositiveSmallIntegerField(default=0)
    command_id = models.UUIDField()
    words_key = models.CharField(max_length=30, blank=True)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    effect = models.CharField(max_length=30, blank=True)

    class Meta(TenantModel.Meta):
        """A step is asked for once."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "call", "kind", "step"], name="command_once"
            )
        ]

    def __str__(self) -> str:
        """Return the kind and the id."""
        return f"{self.kind} {self.id}"


class StreamToken(TenantModel):
    """The right to open one media stream for one call, once; only its hash is kept.

    Attributes:
        step: Of the command that told the carrier this stream's address.
        lost_at: When the carrier first told that this stream was no more.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="tokens")
    step = models.PositiveSmallIntegerField(default=0)
    token_sha256 = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    burned_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return the id."""
        return f"stream token {self.id}"


class Turn(PartModel):
    """How long one answer took, measured on the audio.

    Times are milliseconds since the call was answered.

    Attributes:
        quiet_ms: The caller's last speech.
        decided_ms: When the turn was judged to be over.
        heard_ms: When the words were there.
        answered_ms: Our first audible frame, null when there was none.
    """

    part_of = "call"

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="turns")
    number = models.PositiveSmallIntegerField()
    quiet_ms = models.PositiveIntegerField()
    decided_ms = models.PositiveIntegerField()
    heard_ms = models.PositiveIntegerField(null=True)
    answered_ms = models.PositiveIntegerField(null=True)

    class Meta(PartModel.Meta):
        """Turns count from 1."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "call", "number"], name="turn_once"
            )
        ]

    def __str__(self) -> str:
        """Return the number and the id."""
        return f"turn {self.number} {self.id}"


class Reveal(PartModel):
    """Somebody's reason to see who called, and until when it holds.

    Attributes:
        note_sealed: The person's own words, sealed under the call's key.
    """

    part_of = "call"

    class Reason(models.TextChoices):
        """Why; the last asks for words."""

        CALL_BACK = "call_back", "To call back"
        BOOKING = "booking", "To book or change an appointment"
        IDENTITY = "identity", "To make sure who it was"
        COMPLAINT = "complaint", "A complaint or a legal question"
        OTHER = "other", "Another reason"

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="reveals")
    actor_id = models.UUIDField()
    reason = models.CharField(max_length=20, choices=Reason.choices)
    note_sealed = models.BinaryField()
    revealed_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta(PartModel.Meta):
        """Asked for by who looks, the newest last."""

        indexes = [
            models.Index(
                fields=["organization", "actor_id", "ends_at"], name="reveal_by_actor"
            )
        ]

    def __str__(self) -> str:
        """Return the reason and the id."""
        return f"reveal {self.reason} {self.id}"


class ToolUse(PartModel):
    """Something the receptionist did in the clinic's books during a call.

    Attributes:
        name: The tool, as ``find_slots``.
        effect: What came of it, in a word: ``found``, ``booked``, ``taken``.
        count: How many things it concerned, where that says something.
        subject_id: The appointment, message or slot it concerned.
    """

    part_of = "call"

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="tool_uses")
    name = models.CharField(max_length=40)
    effect = models.CharField(max_length=20)
    count = models.PositiveSmallIntegerField(null=True)
    subject_id = models.UUIDField(null=True)
    at_ms = models.PositiveIntegerField()
    took_ms = models.PositiveIntegerField()

    def __str__(self) -> str:
        """Return the tool and the id."""
        return f"{self.name} {self.id}"
