"""Change how long a clinic keeps things."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.entitlements import Feature, plan_has
from accounts.models import Organization
from accounts.permissions import Permission
from compliance.retention.errors import RetentionRefusedError
from compliance.retention.locks import decide_alone
from compliance.retention.models import RetentionPolicy
from compliance.retention.rules import (
    KeepDays,
    refusals,
    shortened,
    within_presets,
)
from compliance.retention.selectors.keep_days import days_of, find_policy
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.personal_data import DATA_CLASSES

JOB: Final = "compliance.shorten_dates"


@transaction.atomic
def change_retention(
    *, actor: Actor, days: KeepDays, transcript_outlives: bool, now: datetime
) -> None:
    """Set the days of the open clinic.

    Fewer days count for what exists as well, more days for calls from now on. What
    stays the same is not written down.

    Raises:
        PermissionMissingError: If the actor may not change it.
        RetentionRefusedError: If the clinic may not choose these days.
    """
    actor.require(Permission.RETENTION_MANAGE)
    decide_alone(actor.organization_id)
    clinic = Organization.objects.get(pk=actor.organization_id)
    any_number = plan_has(clinic.plan, Feature.RETENTION_DAYS)
    if refusals(days, any_number=any_number, transcript_outlives=transcript_outlives):
        raise RetentionRefusedError
    policy = find_policy() or RetentionPolicy(organization=clinic, changed_at=now)
    before, was = days_of(policy), _all_of(policy)
    if (before, policy.transcript_outlives) == (days, transcript_outlives):
        return
    _save(policy, days, transcript_outlives=transcript_outlives, now=now)
    hashes = hashes_of(clinic.id, before=was, after=_all_of(policy))
    _record(actor, before, days, policy=policy, hashes=hashes)
    if shortened(before, days):
        after_commit(JOB, organization_id=clinic.id, ids={})


def fit_days_to_plan(*, organization_id: UUID, now: datetime) -> None:
    """Bring the days down to presets where the clinic's plan has no others.

    They count for calls from now on. What exists keeps its dates: what goes sooner,
    and cannot be brought back, is the clinic's to say and not its plan's.
    """
    with tenancy.scope(organization_id):
        decide_alone(organization_id)
        clinic = Organization.objects.get(pk=organization_id)
        policy = find_policy()
        if policy is None or plan_has(clinic.plan, Feature.RETENTION_DAYS):
            return
        before, was = days_of(policy), _all_of(policy)
        days, outlives = within_presets(before), policy.transcript_outlives
        if days == before:
            return
        _save(policy, days, transcript_outlives=outlives, now=now)
        hashes = hashes_of(organization_id, before=was, after=_all_of(policy))
        _record(None, before, days, policy=policy, hashes=hashes)


def _save(
    policy: RetentionPolicy,
    days: KeepDays,
    *,
    transcript_outlives: bool,
    now: datetime,
) -> None:
    for kind in DATA_CLASSES:
        setattr(policy, f"{kind}_days", days.of(kind))
    policy.transcript_outlives = transcript_outlives
    policy.changed_at = now
    policy.save()


def _all_of(policy: RetentionPolicy) -> dict[str, int | bool]:
    """Return all that the clinic has chosen."""
    days = {str(kind): days_of(policy).of(kind) for kind in DATA_CLASSES}
    return {**days, "transcript_outlives": policy.transcript_outlives}


def _record(
    actor: Actor | None,
    before: KeepDays,
    after: KeepDays,
    *,
    policy: RetentionPolicy,
    hashes: Mapping[str, audit.Fact],
) -> None:
    changed = [kind for kind in DATA_CLASSES if before.of(kind) != after.of(kind)]
    facts = {**hashes, "transcript_outlives": policy.transcript_outlives}
    for kind in changed:
        facts[f"{kind}_before"] = before.of(kind)
        facts[f"{kind}_after"] = after.of(kind)
    audit.record(
        audit.Entry(
            action="compliance.retention.changed",
            organization_id=policy.organization_id,
            actor_kind=actor.kind if actor else "system",
            actor_id=actor.id if actor else None,
            subject_kind="organization",
            subject_id=policy.organization_id,
            fields=tuple(f"{kind}_days" for kind in changed),
            facts=facts,
        )
    )
