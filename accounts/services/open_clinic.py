"""Let a person go on in another of their clinics."""

from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.errors import OrganizationNotFoundError
from accounts.models import User
from accounts.way_in import organizations_for_user
from sondervoice.kernel import audit, tenancy

# Where a session keeps which clinic is open.
CHOSEN: Final = "organization_id"


@transaction.atomic
def open_clinic(*, user: User, organization_id: UUID) -> None:
    """Record that the person goes on in this clinic; the session is the caller's.

    Raises:
        OrganizationNotFoundError: If it is none of theirs, or there is none.
    """
    if organization_id not in organizations_for_user(user.pk):
        raise OrganizationNotFoundError
    with tenancy.scope(organization_id):
        audit.record(
            audit.Entry(
                action="accounts.clinic.opened",
                organization_id=organization_id,
                actor_kind="user",
                actor_id=user.pk,
                subject_kind="organization",
                subject_id=organization_id,
            )
        )
