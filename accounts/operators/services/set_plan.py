"""Set what a clinic pays for."""

from uuid import UUID

from accounts.change_hashes import hashes_of
from accounts.entitlements import Plan
from accounts.models import Organization
from accounts.operators.errors import OperatorThingNotFoundError
from sondervoice.kernel import audit, tenancy


def set_plan(*, operator_id: UUID, organization_id: UUID, plan: Plan) -> None:
    """Put the clinic on the plan; the same again changes and records nothing.

    Raises:
        OperatorThingNotFoundError: If there is no such clinic.
    """
    with tenancy.scope(organization_id):
        clinics = Organization.objects.select_for_update()
        clinic = clinics.filter(pk=organization_id).first()
        if clinic is None:
            raise OperatorThingNotFoundError
        if clinic.plan == plan:
            return
        before = Plan(clinic.plan)
        clinic.plan = plan
        clinic.save(update_fields=["plan"])
        plans = list(Plan)
        audit.record(
            audit.Entry(
                action="accounts.plan.set",
                organization_id=organization_id,
                actor_kind="operator",
                actor_id=operator_id,
                subject_kind="organization",
                subject_id=organization_id,
                fields=("plan",),
                facts={"from": plans.index(before), "to": plans.index(plan)}
                | hashes_of(
                    organization_id, before={"plan": before}, after={"plan": plan}
                ),
            )
        )
