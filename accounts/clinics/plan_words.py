"""A plan and what it includes, in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from accounts.entitlements import Feature, Plan, plan_has

PLAN_NAMES: Final[Mapping[Plan, str]] = MappingProxyType(
    {Plan.STARTER: "Starter", Plan.PRO: "Pro", Plan.ENTERPRISE: "Enterprise"}
)
FEATURE_WORDS: Final[Mapping[Feature, str]] = MappingProxyType(
    {
        Feature.SSO: "Sign-in by the clinic’s own directory, over SAML or OIDC",  # noqa: RUF001
        Feature.RETENTION_DAYS: "Any number of days to keep data, from 7 to 2555",
    }
)


def features_of(plan: str) -> list[tuple[str, bool]]:
    """Return each thing that not every plan has, and whether this one has it."""
    return [(words, plan_has(plan, one)) for one, words in FEATURE_WORDS.items()]
