"""What a test looks at afterwards: rows of sessions and of the record."""

from django.test import Client

from accounts.models import User
from accounts.sessions.models import LoginSession
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from tests.cast import PASSWORD


def sign_in(user: User, *, client: Client | None = None, **headers: str) -> Client:
    """Sign in on the page, as people do, and return the browser."""
    client = client or Client()
    answer = client.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD}, headers=headers
    )
    assert answer.status_code == 302
    return client


def sessions_of(user: User) -> list[LoginSession]:
    """Return the person's sessions, the oldest first."""
    with signing_in():
        return list(LoginSession.objects.filter(user=user).order_by("started_at", "id"))


def ends_of(user: User) -> list[str]:
    """Return why each of the person's sessions ended; empty for one that stands."""
    return [row.end_reason for row in sessions_of(user)]


def epoch_of(user: User) -> int:
    with signing_in():
        return User.objects.get(pk=user.pk).session_epoch


def record_of(prefix: str = "accounts.session.") -> list[str]:
    """Return the actions that belong to no clinic, in their order."""
    rows = AuditLog.unscoped.filter(action__startswith=prefix).order_by("at", "id")
    return [row.action for row in rows]
