"""Set what a clinic pays for."""

from uuid import UUID

from accounts.change_hashes import hashes_of
from accounts.entitlements import Plan
from accounts.events import plan_set
from accounts.models import Organization
from accounts.operators.errors import OperatorThingNotFoundError, SamePersonError
from accounts.operators.models import OperatorAct
from sondervoice.kernel import audit, tenancy


def is_smaller_plan(*, organization_id: UUID, plan: Plan) -> bool:
    """Return whether the clinic would lose something; two must stand for that.

    Raises:
        OperatorThingNotFoundError: If there is no such clinic.
    """
    with tenancy.scope(organization_id):
        clinic = Organization.objects.filter(pk=organization_id).first()
    if clinic is None:
        raise OperatorThingNotFoundError
    return _is_smaller(plan, than=Plan(clinic.plan))


def set_plan(
    *,
    operator_id: UUID,
    organization_id: UUID,
    plan: Plan,
    act: OperatorAct | None = None,
) -> None:
    """Put the clinic on the plan; the same again changes and records nothing.

    Args:
        act: What two operators stand for; a smaller plan has one.

    Raises:
        OperatorThingNotFoundError: If there is no such clinic.
        SamePersonError: If the plan is smaller and one operator alone asks.
    """
    with tenancy.scope(organization_id):
        clinics = Organization.objects.select_for_update()
        clinic = clinics.filter(pk=organization_id).first()
        if clinic is None:
            raise OperatorThingNotFoundError
        if clinic.plan == plan:
            return
        before = Plan(clinic.plan)
        if act is None and _is_smaller(plan, than=before):
            raise SamePersonError
        clinic.plan = plan
        clinic.save(update_fields=["plan"])
        _record(clinic, operator_id, before=before, act=act)
        plan_set.send(organization_id=organization_id)


def _record(
    clinic: Organization, operator_id: UUID, *, before: Plan, act: OperatorAct | None
) -> None:
    plans, plan = list(Plan), Plan(clinic.plan)
    audit.record(
        audit.Entry(
            action="accounts.plan.set",
            organization_id=clinic.pk,
            actor_kind="operator",
            actor_id=operator_id,
            subject_kind="organization",
            subject_id=clinic.pk,
            fields=("plan",),
            facts={"from": plans.index(before), "to": plans.index(plan)}
            | ({"act": act.pk, "asked_by": act.asked_by_id} if act else {})
            | hashes_of(clinic.pk, before={"plan": before}, after={"plan": plan}),
        )
    )


def _is_smaller(plan: Plan, *, than: Plan) -> bool:
    plans = list(Plan)
    return plans.index(plan) < plans.index(than)
