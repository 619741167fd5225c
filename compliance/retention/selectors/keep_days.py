"""How long the clinic of the open scope keeps things."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from compliance.retention.locks import act_on_decision
from compliance.retention.models import RetentionPolicy
from compliance.retention.rules import KeepDays, erase_after, shorter
from sondervoice.kernel.personal_data import DATA_CLASSES


def find_policy() -> RetentionPolicy | None:
    """Return what the clinic chose, None when it never did."""
    return RetentionPolicy.objects.first()


def get_keep_days() -> KeepDays:
    """Return the days of today."""
    policy = find_policy()
    return KeepDays() if policy is None else days_of(policy)


def days_of(policy: RetentionPolicy) -> KeepDays:
    """Return a row's days."""
    return KeepDays(**{kind: getattr(policy, f"{kind}_days") for kind in DATA_CLASSES})


def days_still_kept(
    *, organization_id: UUID, capture: Mapping[str, object]
) -> KeepDays:
    """Return the days of a call: those frozen with it, or fewer chosen since.

    Nobody changes the clinic's days until the open transaction is over.
    """
    act_on_decision(organization_id)
    return shorter(KeepDays.frozen_in(capture), get_keep_days())


def dates_of_call(
    *, organization_id: UUID, capture: Mapping[str, object], ended_at: datetime
) -> dict[str, datetime]:
    """Return the dates of a call that ends, by the names of their columns."""
    days = days_still_kept(organization_id=organization_id, capture=capture)
    return {
        f"{kind}_erase_after": erase_after(ended_at=ended_at, keep_days=days.of(kind))
        for kind in DATA_CLASSES
    }
