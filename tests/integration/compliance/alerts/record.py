"""Rows of the record that a rule counts, and what was raised of them."""

from uuid import UUID

from accounts.models import User
from compliance.alerts.models import SecurityAlert
from compliance.alerts.services.watch_record import watch_record
from compliance.ledger.models import AuditLog
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.models import OutboxJob
from tests.cast import Cast, Clinic


def write(
    clinic: Clinic, action: str, by: User | None, *, kind: str = "user", times: int = 1,
    count: int = 0,
) -> None:  # fmt: skip
    organization_id = clinic.organization.id
    with tenancy.scope(organization_id):
        for _ in range(times):
            audit.record(
                audit.Entry(
                    action=action,
                    organization_id=organization_id,
                    actor_kind=kind,
                    actor_id=None if by is None else by.id,
                    subject_kind="thing",
                    subject_id=uuid7(),
                    facts={"count": count},
                )
            )


def refuse_sign_in(user: User | None, *, times: int = 1) -> None:
    """Write what the sign-in page writes: a row of no clinic."""
    for _ in range(times):
        audit.record(
            audit.Entry(
                action="accounts.session.refused",
                organization_id=None,
                actor_kind="system",
                actor_id=None,
                subject_kind="user",
                subject_id=None if user is None else user.id,
            )
        )


def look() -> int:
    return watch_record(now=utc_now())


def alerts(clinic: Clinic) -> list[SecurityAlert]:
    with tenancy.scope(clinic.organization.id):
        return list(SecurityAlert.objects.order_by("raised_at", "id"))


def told(clinic: Clinic) -> list[tuple[str, UUID | None, int]]:
    return [(one.rule, one.actor_id, one.count) for one in alerts(clinic)]


def letters_asked_for(cast: Cast) -> set[str]:
    people = {one.id: one.email for one in (cast.ada, cast.ben, cast.cy, cast.dot)}
    with tenancy.scope(cast.alder.organization.id):
        jobs = OutboxJob.objects.filter(task="compliance.mail_alert")
        return {people[UUID(one.ids["user_id"])] for one in jobs}


def rows(clinic: Clinic, action: str) -> list[AuditLog]:
    with tenancy.scope(clinic.organization.id):
        return list(AuditLog.objects.filter(action=action).order_by("at", "id"))
