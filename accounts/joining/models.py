"""Those who are not there yet: clinics that wait for a mail, people who are invited."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import ROLE_CHOICES
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.tenancy import TenantModel


class SignUp(models.Model):
    """A clinic that waits for its owner's mail to be confirmed; one an address.

    Seen by the sign-in pages alone. The row goes once it is confirmed or has expired.

    Attributes:
        password: Hashed, as `User.password`.
        link_number: Counts the letters; only the last one's link is good.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=200)
    password = models.CharField(max_length=128)
    clinic_name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64)
    country = models.CharField(max_length=2)
    jurisdiction = models.CharField(max_length=10)
    region = models.CharField(max_length=2)
    link_number = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """Return the id."""
        return f"sign-up {self.id}"


class Invitation(TenantModel):
    """One address that may join the clinic in one role.

    Attributes:
        limited_to: Ids of the places and receptionists whose calls the person will see;
            null for all calls. What is gone by the day they join is passed over.
        link_number: Counts the letters; only the last one's link is good.
    """

    email = models.EmailField()
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    custom_role = models.ForeignKey(
        "accounts.CustomRole", null=True, on_delete=models.PROTECT, related_name="+"
    )
    invited_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    limited_to = ArrayField(models.UUIDField(), null=True)
    link_number = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        """One open invitation an address."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(used_at=None, withdrawn_at=None),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(custom_role=None) | models.Q(role="viewer"),
                name="invitation_custom_role_stands_alone",
            ),
            models.CheckConstraint(
                condition=models.Q(limited_to=None) | ~models.Q(role="owner"),
                name="invitation_owner_sees_all",
            ),
        ]

    @property
    def is_limited(self) -> bool:
        """Whether the person will see a part of the calls alone."""
        return self.limited_to is not None

    def is_open(self, *, now: datetime) -> bool:
        """Return whether it can still be accepted."""
        ended = self.used_at or self.withdrawn_at
        return ended is None and now < self.expires_at

    def __str__(self) -> str:
        """Return the role and the id."""
        return f"invitation {self.role} {self.id}"
