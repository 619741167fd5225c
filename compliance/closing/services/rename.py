"""What is left of a closed clinic: a row without a name, for the record and billing."""

from typing import Final
from uuid import UUID

from accounts.entitlements import Plan
from accounts.models import Organization

NAME: Final = "closed clinic"


def rename_to_nobody(organization_id: UUID) -> None:
    """Empty the name of the open clinic, and the one that addresses bear."""
    Organization.objects.filter(pk=organization_id).update(
        name=NAME, slug=f"closed-{organization_id}"
    )


def forget_plan(organization_id: UUID) -> None:
    """Forget which plan the open clinic had: the least one stands in its place."""
    Organization.objects.filter(pk=organization_id).update(plan=Plan.STARTER)
