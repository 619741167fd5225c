"""What a plan may: one table that everybody asks; billing sets the plan."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Plan(StrEnum):
    """What a clinic pays for."""

    STARTER = "starter"
    PRO = "pro"
    ENTERPRISE = "enterprise"


class Feature(StrEnum):
    """Something that not every plan has."""

    SSO = "sso"
    # Any number of days; without it, the four presets.
    RETENTION_DAYS = "retention_days"


PLAN_FEATURES: Final[Mapping[Plan, frozenset[Feature]]] = MappingProxyType(
    {
        Plan.STARTER: frozenset(),
        Plan.PRO: frozenset({Feature.RETENTION_DAYS}),
        Plan.ENTERPRISE: frozenset({Feature.SSO, Feature.RETENTION_DAYS}),
    }
)


def plan_has(plan: str, feature: Feature) -> bool:
    """Return whether the plan, as its row names it, has the feature."""
    return feature in PLAN_FEATURES[Plan(plan)]
