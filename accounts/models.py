"""People, their clinics, and the keys of their machines."""

from typing import Any, ClassVar, Final

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.contrib.auth.models import Permission as AuthPermission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from guardian.models.models import UserObjectPermissionAbstract

from accounts.entitlements import Plan
from accounts.permissions import MEMBER_ROLES
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.tenancy import TenantModel, open_organization_id

ROLE_CHOICES: Final = [(role.value, role.value) for role in MEMBER_ROLES]
PLAN_CHOICES: Final = [(plan.value, plan.value) for plan in Plan]
# The longest a clinic may choose; it may choose less.
IDLE_MINUTES_AT_MOST: Final = 60
SESSION_HOURS_AT_MOST: Final = 12


class Agency(models.Model):
    """A firm that looks after several clinics."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)

    class Meta:
        """The operators' pages say the plural."""

        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        """Return the agency's id."""
        return f"agency {self.id}"


class Organization(models.Model):
    """A clinic: the tenant. Its row is seen only in its own scope."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    timezone = models.CharField(max_length=64)
    country = models.CharField(max_length=2)
    jurisdiction = models.CharField(max_length=10)
    region = models.CharField(max_length=2, default="us")
    hipaa_mode = models.BooleanField(default=False)
    plan = models.CharField(max_length=20, choices=PLAN_CHOICES, default=Plan.STARTER)
    idle_minutes = models.PositiveSmallIntegerField(default=IDLE_MINUTES_AT_MOST)
    session_hours = models.PositiveSmallIntegerField(default=SESSION_HOURS_AT_MOST)
    access_token_minutes = models.PositiveSmallIntegerField(default=15)
    created_at = models.DateTimeField()

    class Meta:
        """`jurisdiction` names a row of the rule table: ``US-IL``, ``DE``.

        `region` is where the data rests, ``us`` or ``eu``. `idle_minutes` is the
        longest quiet time of an ordinary member; administrators and HIPAA have 15 at
        most.
        """

        constraints = [
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^[A-Z]{2}$"),
                name="organization_country_is_iso",
            ),
            models.CheckConstraint(
                condition=models.Q(region__in=["us", "eu"]),
                name="organization_region_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(idle_minutes__range=(1, IDLE_MINUTES_AT_MOST))
                & models.Q(session_hours__range=(1, SESSION_HOURS_AT_MOST))
                & models.Q(access_token_minutes__range=(1, 60)),
                name="organization_session_limits",
            ),
        ]

    def __str__(self) -> str:
        """Return the clinic's id."""
        return f"organization {self.id}"


class UserManager(BaseUserManager["User"]):
    """Makes users; an address is kept in lower case."""

    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """Return a new user with this address and a hashed password."""
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user who signs in with this address, in any case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Seen by themselves, by fellow members, and while signing in.

    Attributes:
        second_factor_since: When the first factor that still stands was set up;
            django-otp keeps the factors themselves.
        session_epoch: Every session and token carries the number it began with and is
            over once the person's is another.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    email_verified_at = models.DateTimeField(null=True)
    second_factor_since = models.DateTimeField(null=True)
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        """Return the person's id, never their name or address."""
        return f"user {self.id}"


class AgencyMembership(models.Model):
    """A person who administers all clinics of an agency."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        """One a person and agency."""

        constraints = [
            models.UniqueConstraint(
                fields=["agency", "user"], name="agency_membership_once"
            )
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"agency administrator {self.id}"


class CustomRole(TenantModel):
    """A role of the clinic's own: a name and the permissions it is composed of.

    `permissions` is a list of the words in `permissions.Permission`.
    """

    name = models.CharField(max_length=60)
    permissions = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        """One role a name."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="custom_role_name_once"
            )
        ]

    def __str__(self) -> str:
        """Return the id."""
        return f"role {self.id}"


class Membership(TenantModel):
    """What one person is to one clinic.

    A `custom_role` stands instead of `role`, which then is ``viewer``, the least.

    Attributes:
        is_limited: Whether they see what `ObjectGrant` names alone.
        limits_by_directory: Whether the clinic's directory said so last, by a line of
            its groups, and not somebody by hand.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    custom_role = models.ForeignKey(
        CustomRole, null=True, on_delete=models.PROTECT, related_name="members"
    )
    is_limited = models.BooleanField(default=False)
    limits_by_directory = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        """One role a person and clinic.

        Who is limited sees what `ObjectGrant` names and no more: nothing without one.
        """

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"], name="membership_once"
            ),
            models.CheckConstraint(
                condition=models.Q(custom_role=None) | models.Q(role="viewer"),
                name="membership_custom_role_stands_alone",
            ),
        ]

    @property
    def is_active(self) -> bool:
        """Whether the person belongs to the clinic now."""
        return self.ended_at is None

    def __str__(self) -> str:
        """Return the role and the id."""
        return f"{self.role} {self.id}"


class ObjectGrant(UserObjectPermissionAbstract):
    """One place or receptionist that a limited member sees (django-guardian's row).

    The row belongs to the organization whose scope is open when it is made. Nothing
    goes because something else goes: the package's own fields are declared anew.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    permission = models.ForeignKey(AuthPermission, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        default=open_organization_id,
    )

    def __str__(self) -> str:
        """Return the id."""
        return f"object grant {self.pk}"


class ApiKey(TenantModel):
    """A key for one of the clinic's machines; only its hash is kept.

    `scopes` is a list of the words in `permissions.SCOPE_GRANTS`.
    """

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    secret_sha256 = models.BinaryField(max_length=32)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return the prefix, which is no secret."""
        return f"key {self.prefix}"
