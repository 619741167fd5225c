"""The diary: who works when is a row of free places; an appointment takes one."""

from uuid import UUID

from django.db import models

from sondervoice.kernel.soft_delete import (
    DeletableModel,
    deletion_constraint,
    deletion_index,
)
from sondervoice.kernel.tenancy import TenantModel


class Practitioner(TenantModel):
    """Somebody whose time can be booked; the name is said aloud."""

    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        """Return the practitioner's id."""
        return f"practitioner {self.id}"


class AppointmentType(TenantModel):
    """What an appointment is for, as it is said aloud: ``check-up``."""

    name = models.CharField(max_length=100)
    minutes = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        """Return the type's id."""
        return f"appointment type {self.id}"


class Slot(TenantModel):
    """A place in the diary that may be booked over the phone."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT)
    kind = models.ForeignKey(AppointmentType, on_delete=models.PROTECT)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        """A practitioner's places start at different times and end after they start."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "practitioner", "starts_at"], name="slot_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="slot_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "starts_at"], name="slot_by_start")
        ]

    def __str__(self) -> str:
        """Return the slot's id."""
        return f"slot {self.id}"


class Appointment(DeletableModel):
    """A slot taken by somebody. One slot, one caller: the database sees to it.

    Attributes:
        patient_name_sealed: The name as heard, sealed under the appointment's own key.
        patient_phone_sealed: E.164, sealed likewise.
        patient_phone_index: Blind index of that number.
        name_is_confirmed: False when staff should listen to the name.
        counts_from: When the days began to count: the later of booking and visit.
        erase_after: From when name and number must be gone; may only come nearer.
    """

    class Status(models.TextChoices):
        """Where an appointment stands."""

        BOOKED = "booked"
        CANCELLED = "cancelled"

    slot = models.ForeignKey(
        Slot, on_delete=models.PROTECT, related_name="appointments"
    )
    call = models.ForeignKey(
        "telephony.Call",
        null=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.BOOKED
    )
    patient_name_sealed = models.BinaryField()
    patient_phone_sealed = models.BinaryField()
    patient_phone_index = models.BinaryField(max_length=32)
    name_is_confirmed = models.BooleanField(default=True)
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    counts_from = models.DateTimeField()
    erase_after = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    cancelled_in_call = models.ForeignKey(
        "telephony.Call",
        null=True,
        on_delete=models.PROTECT,
        related_name="cancellations",
    )

    class Meta(DeletableModel.Meta):
        """At most one booked appointment a slot."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slot"],
                condition=models.Q(status="booked"),
                name="slot_booked_once",
            ),
            deletion_constraint("appointment_deleted_has_its_date"),
        ]
        indexes = [
            deletion_index("appointment_deleted"),
            models.Index(
                fields=["organization", "patient_phone_index"],
                name="appointment_by_phone",
            ),
            models.Index(
                fields=["organization", "erase_after"],
                condition=models.Q(erased_at=None),
                name="appointment_due",
            ),
        ]

    def __str__(self) -> str:
        """Return the state and the id."""
        return f"appointment {self.status} {self.id}"

    @property
    def shown_call_id(self) -> UUID | None:
        """Return the call it was booked in; None while that is deleted."""
        call = self.call
        return None if call is None or call.deleted_at is not None else call.id
