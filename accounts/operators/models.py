"""Grants, sessions and departures of operators; none of them is ever deleted."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import PLAN_CHOICES, Agency, Organization, User
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.tenancy import TenantModel

GRANT_AT_MOST: Final = timedelta(hours=8)
SESSION_AT_MOST: Final = timedelta(minutes=60)
# Enough for a weekend; what was known is open for no longer.
LEAVING_DUE_IN: Final = timedelta(days=3)


class OperatorGrant(models.Model):
    """A person's hours as an operator, which two others stand for.

    `granted_by` and `approved_by` are empty for a grant made on the machine's own
    console by who owns the database; the application cannot write such a row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    granted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Two people, none of whom approves their own."""

        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | (~Q(approved_by=F("granted_by")) & ~Q(approved_by=F("user"))),
                name="operator_grant_second_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, expires_at=None, approved_by=None)
                | Q(expires_at__lte=F("approved_at") + GRANT_AT_MOST),
                name="operator_grant_eight_hours",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None)
                | Q(granted_by=None, approved_by=None)
                | Q(granted_by__isnull=False, approved_by__isnull=False),
                name="operator_grant_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"grant {self.id}"


class OperatorSession(TenantModel):
    """An operator's hour at one clinic, to look; the clinic sees this row.

    Attributes:
        operator_name: As the clinic reads it: it cannot see who is no member.
        as_member: Whose view is looked at; the operator's own when empty.
        minutes: How long it may last once it is started.
        ended_by_clinic: The clinic ended it, by a member or by turning help off.
    """

    operator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    operator_name = models.CharField(max_length=200)
    as_member = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=200)
    ticket = models.CharField(max_length=40)
    minutes = models.PositiveSmallIntegerField()
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approver_name = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_clinic = models.BooleanField(default=False)
    request_count = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        """An hour at most, and never by one person alone."""

        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("operator")),
                name="operator_session_second_person",
            ),
            models.CheckConstraint(
                condition=Q(started_at=None, ends_at=None)
                | Q(
                    approved_by__isnull=False,
                    ends_at__lte=F("started_at") + SESSION_AT_MOST,
                ),
                name="operator_session_one_hour",
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(1, 60)), name="operator_session_minutes"
            ),
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"operator session {self.id}"


class ClinicHelp(TenantModel):
    """Whether the clinic lets operators look at all; no row means yes."""

    is_off = models.BooleanField(default=False)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        """One a clinic."""

        constraints = [
            models.UniqueConstraint(fields=["organization"], name="clinic_help_once")
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"clinic help {self.id}"


class OperatorAct(models.Model):
    """What one operator asks for and happens once another approves it.

    Attributes:
        asker_name: As a clinic reads it: it cannot see who is no member.
        organization: Whose plan it is, or who gets an owner.
        user: Whose account it is, who is to administer the agency or no longer, or who
            is to own the clinic.
        agency: Whose administrators change; one that is made has it from then on.
        plan: The one that is asked for.
        name: What an agency that is to be made is called.
        ended_at: It was taken back before anybody approved it.
        told: Clinics whose owners get a letter; within their scope the row is read.
    """

    class Kind(models.TextChoices):
        """What happens then."""

        PLAN_LOWER = "plan_lower", "Put a clinic on a smaller plan"
        PERSON_CLOSE = "person_close", "Close an account"
        AGENCY_MAKE = "agency_make", "Make an agency with its first administrator"
        AGENCY_JOIN = "agency_join", "Add an administrator to an agency"
        AGENCY_LEAVE = "agency_leave", "Remove an administrator from an agency"
        OWNER_APPOINT = "owner_appoint", "Give a clinic without an owner one"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    organization = models.ForeignKey(
        Organization, null=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    agency = models.ForeignKey(
        Agency, null=True, on_delete=models.PROTECT, related_name="+"
    )
    plan = models.CharField(max_length=20, choices=PLAN_CHOICES, blank=True)
    name = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asker_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approver_name = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told = ArrayField(models.UUIDField(), default=list)

    class Meta:
        """Never by one person alone."""

        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~Q(approved_by=F("asked_by"))
                    & (Q(user=None) | ~Q(approved_by=F("user")))
                ),
                name="operator_act_second_person",
            ),
        ]

    def __str__(self) -> str:
        """Return the id and what it is about."""
        return f"operator act {self.id} {self.kind}"


class SpentToken(models.Model):
    """The number of a service token that was used: a second use finds it here."""

    id = models.UUIDField(primary_key=True, editable=False)
    spent_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the id."""
        return f"token {self.id}"


class Leaving(models.Model):
    """A colleague leaves: what they could know is rotated, thing by thing.

    `alarmed_at` is when somebody was last told that it is overdue.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return the id."""
        return f"leaving {self.id}"

    @property
    def due_at(self) -> datetime:
        """When all of it must be done, UTC."""
        return self.begun_at + LEAVING_DUE_IN


class LeavingStep(models.Model):
    """One secret that they could know, and what was done about it.

    `secret` is a name of `known_secrets`, never a value. What a person did, a second
    one confirms; what the software did needs nobody.
    """

    class Outcome(models.TextChoices):
        """What was done."""

        OPEN = "open"
        ROTATED = "rotated"
        KEPT = "kept"
        SOFTWARE = "software"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    leaving = models.ForeignKey(Leaving, on_delete=models.PROTECT, related_name="steps")
    secret = models.CharField(max_length=60)
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.OPEN
    )
    reason = models.CharField(max_length=200, blank=True)
    settled_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        """Once a departure; what stays has a reason; two people stand for it."""

        constraints = [
            models.UniqueConstraint(
                fields=["leaving", "secret"], name="leaving_step_once"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="kept") | ~Q(reason=""),
                name="leaving_step_kept_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("settled_by")),
                name="leaving_step_second_person",
            ),
        ]

    def __str__(self) -> str:
        """Return the id and what was done."""
        return f"leaving step {self.id} {self.outcome}"
