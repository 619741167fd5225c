"""People, their clinics, and the keys of their machines."""

from typing import Any, ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models

from accounts.permissions import Role
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.tenancy import TenantModel

ROLE_CHOICES = [(role.value, role.value) for role in Role]


class Agency(models.Model):
    """A firm that looks after several clinics."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)

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
    hipaa_mode = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        """`jurisdiction` names a row of the rule table: ``US-IL``, ``DE``."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^[A-Z]{2}$"),
                name="organization_country_is_iso",
            )
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
    """A person. Seen by themselves, by fellow members, and while signing in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        """Return the person's id, never their name or address."""
        return f"user {self.id}"


class Membership(TenantModel):
    """What one person is to one clinic."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        """One role a person and clinic."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"], name="membership_once"
            )
        ]

    def __str__(self) -> str:
        """Return the role and the id."""
        return f"{self.role} {self.id}"


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
