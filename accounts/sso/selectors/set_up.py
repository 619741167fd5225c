"""How far the open clinic's directory is set up."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.sso.models import SsoConnection, SsoDomain
from accounts.sso.selectors.connections import find_connection


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What is done, and what comes next.

    Attributes:
        next_step: ``directory``, ``domain``, ``test``, ``on`` or ``enforce``; empty
            when all is done.
    """

    connection: SsoConnection | None
    domains: list[SsoDomain]
    next_step: str

    @property
    def has_proof(self) -> bool:
        """Whether a domain is proved."""
        return any(one.proved_at is not None for one in self.domains)


def get_set_up() -> SetUp:
    """Return how far it is."""
    connection = find_connection()
    domains = list(SsoDomain.objects.order_by("domain"))
    is_proved = any(one.proved_at is not None for one in domains)
    return SetUp(
        connection=connection,
        domains=domains,
        next_step=_next_step(connection, is_proved=is_proved),
    )


def is_last_proof_of_enforced(row: SsoDomain) -> bool:
    """Return whether nobody could come in any more without this domain."""
    connection = find_connection()
    if connection is None or not connection.is_enforced or row.proved_at is None:
        return False
    others = SsoDomain.objects.filter(proved_at__isnull=False).exclude(pk=row.pk)
    return not others.exists()


def list_due_domains(*, weekly: datetime, daily: datetime) -> list[SsoDomain]:
    """Return the proved domains not looked up since `weekly`; missed ones, `daily`."""
    due = Q(checked_at__lt=weekly) | Q(lost_at__isnull=False, checked_at__lt=daily)
    return list(SsoDomain.objects.filter(due, proved_at__isnull=False).order_by("id"))


def _next_step(connection: SsoConnection | None, *, is_proved: bool) -> str:
    if connection is None:
        return "directory"
    if not is_proved:
        return "domain"
    if connection.status == SsoConnection.Status.DRAFT:
        return "test"
    if not connection.is_on:
        return "on"
    return "" if connection.is_enforced else "enforce"
