"""What is kept of keys, tokens, tries and answers; secrets only as hashes."""

from django.conf import settings
from django.db import models

from accounts.models import ApiKey, Organization
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.tenancy import TenantModel


class ApiKeyRule(TenantModel):
    """Who made a key, who answers for it, and from where it may be used.

    `kept_by` answers for it since its maker could not any more; empty: the maker does.

    `networks` is a list of networks as ``192.0.2.0/24``; none means from everywhere.
    `form_id` names the form that asked for the key: sent twice, it makes one.
    """

    key = models.OneToOneField(ApiKey, on_delete=models.PROTECT, related_name="rule")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    networks = models.JSONField(default=list)
    form_id = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        """A form makes one key."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "form_id"], name="api_key_rule_form_once"
            )
        ]

    def __str__(self) -> str:
        """Return the key's id."""
        return f"rule of key {self.key_id}"


class TokenFamily(models.Model):
    """What began with one sign-in of a program: a refresh token and its successors.

    Belongs to the person, who sees it in every clinic. Access tokens name their family
    and are worth nothing once it has ended.
    """

    class EndReason(models.TextChoices):
        """Why it ended."""

        REVOKED = "revoked"
        REUSED = "reused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+"
    )
    refresh_sha256 = models.BinaryField(max_length=32)
    epoch = models.PositiveIntegerField()
    factor_at = models.DateTimeField(null=True)
    address = models.GenericIPAddressField()
    agent = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    used_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=10, choices=EndReason.choices, blank=True)

    class Meta:
        """Looked for by person."""

        indexes = [models.Index(fields=["user", "ended_at"], name="family_of_user")]

    def __str__(self) -> str:
        """Return the id."""
        return f"tokens {self.id}"


class StoredAnswer(TenantModel):
    """What a write was answered, for the same request sent again.

    Sealed under a key that is made from the Idempotency-Key, which is kept as a hash.
    """

    key_sha256 = models.BinaryField(max_length=32)
    request_sha256 = models.BinaryField(max_length=32)
    answer_sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        """One answer a key."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key_sha256"], name="stored_answer_once"
            )
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"answer {self.id}"


class Tally(models.Model):
    """How often something came since `started_at`; `name` is blinded."""

    name = models.CharField(primary_key=True, max_length=64)
    started_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        """Return the count."""
        return f"tally of {self.count}"


class GatewayToken(models.Model):
    """The token of a gateway's writes. It belongs to the product, not to a clinic."""

    class Kind(models.TextChoices):
        """What it opens."""

        GATEWAY_ADMIN = "gateway_admin_token"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    secret_sha256 = models.BinaryField(max_length=32)
    fingerprint = models.CharField(max_length=16)
    created_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)

    class Meta:
        """One a kind that is not replaced."""

        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(replaced_at=None),
                name="gateway_token_one_current",
            )
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"gateway token {self.id}"
