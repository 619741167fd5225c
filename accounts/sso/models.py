"""A clinic's directory, the domains it speaks for, and whom it has brought in."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User
from accounts.permissions import MEMBER_ROLES, Role
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.tenancy import TenantModel

# Nobody becomes an owner because a directory says so.
GIVEN_ROLES = [(one.value, one.value) for one in MEMBER_ROLES if one is not Role.OWNER]


class SsoConnection(TenantModel):
    """The clinic's one directory.

    Attributes:
        issuer: The issuer of OpenID Connect, or the entity id of SAML.
        sealed_secret: The client secret; see `accounts.sso.secrets`.
        sso_url: Where SAML's requests go.
        certificates: SAML's signing certificates, PEM, the newest first.
        groups_claim: Where the answer names the person's groups.
        role_map: Role by group, in the order in which the first that fits counts.
        limits_by_group: Ids of the places and receptionists whose calls alone the
            people of a line see, by its group; for a group that is not there, all.
        default_role: For who is in no such group; empty: they may not come in.
        default_limited_to: Such ids for them; null for all calls.
        trusts_second_factor: Whether one shown to the directory counts here.
    """

    class Kind(models.TextChoices):
        """How it speaks."""

        OIDC = "oidc"
        SAML = "saml"

    class Status(models.TextChoices):
        """How far it is set up."""

        DRAFT = "draft"
        TESTED = "tested"
        ON = "on"

    kind = models.CharField(max_length=4, choices=Kind.choices)
    preset = models.CharField(max_length=10, default="other")
    label = models.CharField(max_length=60)
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=300, blank=True)
    sealed_secret = models.BinaryField(max_length=1024, null=True)
    sso_url = models.CharField(max_length=500, blank=True)
    certificates = models.JSONField(default=list)
    groups_claim = models.CharField(max_length=200, default="groups")
    role_map = models.JSONField(default=list)
    limits_by_group = models.JSONField(default=dict)
    default_role = models.CharField(max_length=20, blank=True, choices=GIVEN_ROLES)
    default_limited_to = ArrayField(models.UUIDField(), null=True)
    trusts_second_factor = models.BooleanField(default=False)
    status = models.CharField(
        max_length=6, choices=Status.choices, default=Status.DRAFT
    )
    is_enforced = models.BooleanField(default=False)
    tested_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        """One a clinic; only what is on is enforced."""

        constraints = [
            models.UniqueConstraint(fields=["organization"], name="sso_one_a_clinic"),
            models.CheckConstraint(
                condition=models.Q(is_enforced=False) | models.Q(status="on"),
                name="sso_enforced_only_when_on",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft") | models.Q(tested_at__isnull=False),
                name="sso_on_only_when_tested",
            ),
        ]

    @property
    def is_on(self) -> bool:
        """Whether people come in through it."""
        return self.status == self.Status.ON

    def limited_to(self, group: str) -> Sequence[UUID] | None:
        """Return whose calls the people of a line see; None for all calls.

        Args:
            group: Of the line; empty for who is in no such group.
        """
        if not group:
            return self.default_limited_to
        named = self.limits_by_group.get(group)
        return None if named is None else [UUID(one) for one in named]

    def __str__(self) -> str:
        """Return the kind and the id."""
        return f"{self.kind} connection {self.id}"


class SsoDomain(TenantModel):
    """A domain of mail addresses that the clinic says is its own.

    Attributes:
        token: What the TXT record must say.
        proved_at: Since when it does; null while nobody may come in by this domain.
        lost_at: When the record was first missed since.
    """

    domain = models.CharField(max_length=253)
    token = models.CharField(max_length=64)
    proved_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        """A proved domain belongs to one clinic."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "domain"], name="sso_domain_once_a_clinic"
            ),
            models.UniqueConstraint(
                fields=["domain"],
                condition=models.Q(proved_at__isnull=False),
                name="sso_domain_proved_once",
            ),
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"domain {self.id}"


class DirectoryIdentity(TenantModel):
    """Who a person is to their clinic's directory: issuer and subject, no address."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        """One a subject."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "issuer", "subject"],
                name="directory_identity_once",
            )
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"directory identity {self.id}"


class SocialIdentity(models.Model):
    """Who a person is to Google or Microsoft: issuer and subject, no address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        """One a subject."""

        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], name="social_identity_once"
            )
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"social identity {self.id}"


class SamlRequest(TenantModel):
    """A question asked of a directory by SAML, and its one answer.

    The answer comes by a form of another site, which brings no cookie: it waits here,
    sealed, until the browser that asked fetches it.

    Attributes:
        assertion_sha256: Of the id of the assertion that answered; none answers twice.
    """

    connection = models.ForeignKey(
        SsoConnection, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    assertion_sha256 = models.BinaryField(max_length=32, null=True)
    sealed_claims = models.BinaryField(max_length=16384, null=True)

    class Meta(TenantModel.Meta):
        """An assertion is used once."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "assertion_sha256"], name="saml_assertion_once"
            )
        ]

    @property
    def xml_id(self) -> str:
        """The id of the request as XML takes it: it begins with no figure."""
        return f"_{self.id.hex}"

    def __str__(self) -> str:
        """Return the id."""
        return f"SAML request {self.id}"
