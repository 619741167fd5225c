"""Open the clinic of a confirmed sign-up, with its owner."""

from datetime import datetime

from django.db import transaction

from accounts.joining.errors import LinkDeadError
from accounts.joining.models import SignUp
from accounts.models import Membership, User
from accounts.permissions import Role
from accounts.services.create_organization import ClinicDetails, create_organization
from accounts.services.create_user import create_verified_user
from sondervoice.kernel import audit, tenancy


@transaction.atomic
def confirm_sign_up(*, row: SignUp, now: datetime) -> User:
    """Make the clinic, the person and their membership; the sign-up goes.

    Returns:
        The person, who owns the clinic.

    Args:
        row: As `get_sign_up` returns it: locked, so that of two visitors with one link
            the second comes too late.

    Raises:
        LinkDeadError: If the address has an account by now.
    """
    user = create_verified_user(
        email=row.email, full_name=row.full_name, hashed_password=row.password, now=now
    )
    if user is None:
        raise LinkDeadError
    details = ClinicDetails(
        name=row.clinic_name,
        timezone=row.timezone,
        country=row.country,
        jurisdiction=row.jurisdiction,
        region=row.region,
    )
    clinic = create_organization(details=details, by_user_id=user.pk, now=now)
    with tenancy.scope(clinic.pk):
        member = Membership.objects.create(
            organization=clinic, user=user, role=Role.OWNER, created_at=now
        )
        _tell(member, row)
    row.delete()
    return user


def _tell(member: Membership, row: SignUp) -> None:
    audit.record(
        audit.Entry(
            action="accounts.sign_up.confirmed",
            organization_id=member.organization_id,
            actor_kind="user",
            actor_id=member.user_id,
            subject_kind="membership",
            subject_id=member.pk,
            facts={"sign_up_id": row.pk},
        )
    )
