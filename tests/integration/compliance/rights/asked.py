"""Who asks and who decides in these tests, and what is left of a request."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.permissions import Role
from compliance.ledger.models import AuditLog
from compliance.rights.models import RightsRequest, RightsStep
from sondervoice.kernel import tenancy
from sondervoice.kernel.models import OutboxJob
from tests.cast import Cast, actor_for
from tests.integration.compliance.retention.nights import THREE


def fresh_owner(cast: Cast, at: datetime = THREE) -> Actor:
    """Ada, who has just shown her second factor."""
    return replace(actor_for(cast.ada, cast.alder, Role.OWNER), factor_at=at)


def found(cast: Cast, request_id: UUID) -> RightsRequest:
    with tenancy.scope(cast.alder.organization.id):
        return RightsRequest.objects.get(pk=request_id)


def road(cast: Cast, request_id: UUID) -> list[str]:
    """Return the checkpoints that a request came to."""
    with tenancy.scope(cast.alder.organization.id):
        steps = RightsStep.objects.filter(request_id=request_id).order_by("number")
        return list(steps.values_list("checkpoint", flat=True))


def actions(cast: Cast, prefix: str = "compliance.rights") -> list[str]:
    with tenancy.scope(cast.alder.organization.id):
        rows = AuditLog.objects.filter(action__startswith=prefix).order_by("id")
        return list(rows.values_list("action", flat=True))


def jobs(cast: Cast, task: str) -> int:
    with tenancy.scope(cast.alder.organization.id):
        return OutboxJob.objects.filter(task=task).count()
