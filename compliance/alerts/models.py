"""What a clinic was told of its own record, and from when on it wants to be told."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from compliance.alerts.rules import BOUNDS, Rule, Thresholds
from sondervoice.kernel.tenancy import TenantModel

RULE_CHOICES = [(rule.value, rule.value) for rule in Rule]
USUAL = Thresholds()


class SecurityAlert(TenantModel):
    """One thing in the record that somebody should look at.

    Attributes:
        actor_id: Who did it; null where a rule counts all people together.
        count: Of what the rule counts, from `first_at` to `last_at`.
        note_sealed: What the person who looked wrote, sealed under the row's own key;
            null where they wrote nothing and after 90 days.
    """

    rule = models.CharField(max_length=20, choices=RULE_CHOICES)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    count = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note_sealed = models.BinaryField(null=True)

    class Meta(TenantModel.Meta):
        """The same thing is told once."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "rule", "actor_kind", "actor_id", "first_at"],
                name="security_alert_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="security_alert_seen_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "rule", "actor_id", "last_at"],
                name="security_alert_last",
            ),
            models.Index(
                fields=["organization"],
                condition=Q(seen_at=None),
                name="security_alert_open",
            ),
        ]

    def __str__(self) -> str:
        """Return the rule and the id."""
        return f"alert {self.rule} {self.id}"


class AlertThresholds(TenantModel):
    """A clinic's own thresholds; without a row the usual ones hold."""

    mass_export_rows = models.PositiveIntegerField(default=USUAL.mass_export_rows)
    night_reveals = models.PositiveSmallIntegerField(default=USUAL.night_reveals)
    night_from_hour = models.PositiveSmallIntegerField(default=USUAL.night_from_hour)
    night_until_hour = models.PositiveSmallIntegerField(default=USUAL.night_until_hour)
    failed_sign_ins = models.PositiveSmallIntegerField(default=USUAL.failed_sign_ins)
    not_theirs = models.PositiveSmallIntegerField(default=USUAL.not_theirs)
    tells_new_place = models.BooleanField(default=USUAL.tells_new_place)
    tells_operator_look = models.BooleanField(default=USUAL.tells_operator_look)

    class Meta(TenantModel.Meta):
        """One row a clinic, within the bounds."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization"], name="alert_thresholds_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    *((f"{name}__range", bounds) for name, bounds in BOUNDS.items())
                ),
                name="alert_thresholds_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"alert thresholds {self.id}"
