"""People with a second factor: an app whose key the test knows, and its codes."""

from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.test import Client
from django_otp.oath import TOTP

from accounts.models import User
from accounts.second_factor.models import AuthenticatorApp
from accounts.second_factor.sealing import seal_key
from accounts.second_factor.services.renew_codes import renew_codes
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from sondervoice.kernel.clock import utc_now
from tests.cast import PASSWORD

KEY = b"12345678901234567890"
STEP = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A telephone with an authenticator app."""

    app_id: int
    key: bytes

    @property
    def base32(self) -> str:
        return b32encode(self.key).decode()

    def code_at(self, at: datetime) -> str:
        totp = TOTP(self.key)
        totp.time = at.timestamp()
        return f"{totp.token():06}"


def give_phone(user: User, *, now: datetime, key: bytes = KEY) -> Phone:
    """Give the person an app, as if set up long ago."""
    with signing_in():
        app = AuthenticatorApp.objects.create(
            user=user,
            name="Phone",
            confirmed=True,
            key=seal_key(key, user_id=user.pk),
        )
        User.objects.filter(pk=user.pk).update(second_factor_since=now)
    user.second_factor_since = now
    return Phone(app_id=app.pk, key=key)


def give_codes(user: User, *, now: datetime) -> list[str]:
    with signing_in():
        return renew_codes(user=user, now=now)[0]


def sign_in_with_password(user: User) -> Client:
    """Return a browser that has shown the password alone."""
    client = Client()
    client.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD}, follow=False
    )
    return client


def sign_in_with_mailbox(user: User) -> Client:
    """Return a session of the password, whose person has just read their mail."""
    client = sign_in_with_password(user)
    prove_mailbox(client, user)
    return client


def prove_mailbox(client: Client, user: User) -> None:
    """Let the session's person have just read their mail."""
    session = client.session
    session["mailbox_proved"] = [str(user.pk), int(utc_now().timestamp())]
    session.save()


def sign_in_without_factor(user: User) -> Client:
    """Return a session that has shown no factor, as one from before it was set up."""
    client = Client()
    with signing_in():
        client.force_login(user)
    return client


def actions_of(user: User) -> list[str]:
    """Return what the record holds of the person's factor, the oldest first."""
    rows = AuditLog.unscoped.filter(subject_id=user.pk).order_by("at", "id")
    return [
        action
        for action in rows.values_list("action", flat=True)
        if not action.startswith("accounts.session.")
    ]
