"""What a person can show after the password, and how often they were wrong.

Passkeys are rows of `django_otp_webauthn`; the apps' keys are rows of django-otp's
TOTP plugin, sealed by the proxy here.
"""

from datetime import datetime
from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from accounts.second_factor.sealing import open_key
from accounts.second_factor.tries import Tries

DIGITS: Final = 6


class AuthenticatorApp(TOTPDevice):  # type: ignore[misc]  # django-otp is untyped
    """An app that shows six digits; its key is sealed in the row."""

    class Meta:
        """The same rows."""

        proxy = True

    def __str__(self) -> str:
        """Return the id."""
        return f"app {self.pk}"

    @property
    def bin_key(self) -> bytes:
        """The key itself.

        Raises:
            SealBrokenError: If it cannot be opened.
        """
        return open_key(self.key, user_id=self.user_id)

    def find_step(self, code: str, *, now: datetime) -> int | None:
        """Return the time step whose code this is, or None.

        A step is taken once: neither the step of the last right code nor an older one
        is found. One step before and after `now` are, for clocks that are not right.
        """
        if not (code.isascii() and code.isdecimal() and len(code) == DIGITS):
            return None
        totp = TOTP(self.bin_key, self.step, self.t0, self.digits)
        totp.time = now.timestamp()
        found = totp.verify(int(code), self.tolerance, self.last_t + 1)
        return int(totp.t()) if found else None


class RecoveryCodes(Device):  # type: ignore[misc]  # django-otp is untyped
    """A person's recovery codes, as hashes; one that was used is gone.

    Attributes:
        kept_at: When the person said that they have put them away.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    hashes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["RecoveryCodes"]] = models.Manager()

    def __str__(self) -> str:
        """Return the id."""
        return f"recovery codes {self.pk}"


class FactorTries(models.Model):
    """A person's wrong codes, as `tries.Tries` reads them; held while one is tried."""

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    bad_at = ArrayField(models.DateTimeField(), default=list)
    known_bad_at = ArrayField(models.DateTimeField(), default=list)
    in_a_row = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["FactorTries"]] = models.Manager()

    def __str__(self) -> str:
        """Return the person's id."""
        return f"tries of {self.user_id}"

    def read(self) -> Tries:
        """Return the row as the rule sees it."""
        return Tries(
            bad_at=tuple(self.bad_at),
            known_bad_at=tuple(self.known_bad_at),
            in_a_row=self.in_a_row,
            locked_until=self.locked_until,
        )

    def keep(self, tries: Tries) -> None:
        """Write what is known now."""
        self.bad_at = list(tries.bad_at)
        self.known_bad_at = list(tries.known_bad_at)
        self.in_a_row = tries.in_a_row
        self.locked_until = tries.locked_until
        self.save()
