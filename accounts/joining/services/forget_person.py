"""Take name, address and traces out of an account that is closed.

What stays is the id, since records of clinics name it, and the rows of the record.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django_otp_webauthn.models import WebAuthnCredential

from accounts.client_address import NOWHERE
from accounts.joining.models import Invitation
from accounts.joining.selectors.forgotten import (
    clinics_with_traces,
    is_forgotten,
    memberships_of,
)
from accounts.joining.services.close_account import end_keys
from accounts.machines.models import TokenFamily
from accounts.models import AgencyMembership, User
from accounts.second_factor.models import AuthenticatorApp, RecoveryCodes
from accounts.services.end_sessions import end_own_sessions
from accounts.sessions.models import LoginSession
from accounts.sso.models import DirectoryIdentity, SocialIdentity
from accounts.way_in import organizations_for_user
from sondervoice.kernel import tenancy


@transaction.atomic
def forget_person(*, user: User, clinics: Collection[UUID]) -> None:
    """Forget whose account it was; call it in the transaction that closes it.

    Args:
        clinics: In which their directory's row and their invitations are forgotten.
    """
    for organization_id in clinics:
        with tenancy.scope(organization_id):
            DirectoryIdentity.objects.filter(user=user).delete()
            # By which they once came in; it is used, or worth nothing any more.
            Invitation.objects.filter(email=user.email).update(email=_address(user.pk))
    SocialIdentity.objects.filter(user=user).delete()
    AuthenticatorApp.objects.filter(user=user).delete()
    WebAuthnCredential.objects.filter(user=user).delete()
    RecoveryCodes.objects.filter(user=user).delete()
    LoginSession.objects.filter(user=user).update(device="", address=NOWHERE, place="")
    TokenFamily.objects.filter(user=user).update(agent="", address=NOWHERE)
    _forget(user.pk)


@transaction.atomic
def forget_again(*, user_id: UUID, now: datetime) -> bool:
    """Close and forget an account that a restore brought back, whatever stands then.

    It runs as the owner of the tables, who sees all clinics. What the product would
    refuse, that a clinic has no owner after it, was settled when it was done first:
    another owner of that time may not have come back as one.

    Returns:
        Whether anything was there to forget.
    """
    if is_forgotten(user_id):
        return False
    user = User.objects.get(pk=user_id)
    clinics = organizations_for_user(user_id)
    memberships_of(user).update(ended_at=now)
    AgencyMembership.objects.filter(user=user).delete()
    for organization_id in clinics:
        end_keys(user, organization_id, now)
    User.objects.filter(pk=user_id).update(is_active=False, is_staff=False)
    end_own_sessions(user_id=user_id)
    forget_person(user=user, clinics=clinics_with_traces(user))
    return True


def _address(user_id: UUID) -> str:
    """Return an address of their own at a domain that nobody can have (RFC 2606)."""
    return f"{user_id.hex}@erased.invalid"


def _forget(user_id: UUID) -> None:
    nobody = User(pk=user_id)
    nobody.set_unusable_password()
    User.objects.filter(pk=user_id).update(
        email=_address(user_id),
        full_name="",
        password=nobody.password,
        email_verified_at=None,
        second_factor_since=None,
        last_login=None,
    )
