"""What is left of a person whose account was erased; asked by the tables' owner alone.

The product's own role sees one clinic at a time, and would find less than there is.
"""

from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django_otp_webauthn.models import WebAuthnCredential

from accounts.client_address import NOWHERE
from accounts.joining.models import Invitation
from accounts.machines.models import TokenFamily
from accounts.models import AgencyMembership, Membership, User
from accounts.second_factor.models import AuthenticatorApp, RecoveryCodes
from accounts.sessions.models import LoginSession
from accounts.sso.models import DirectoryIdentity, SocialIdentity

# Of whoever erased their account, and of a clinic's people when its account closed.
_NOBODYS: Final = ("@erased.invalid", "@closed.invalid")


def is_forgotten(user_id: UUID) -> bool:
    """Return whether nothing but the id of a person is there, or not even that."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return True
    is_nobody = not user.full_name and user.email.endswith(_NOBODYS)
    return is_nobody and not user.is_active and not _has_traces(user)


def memberships_of(user: User) -> QuerySet[Membership]:
    """Return the person's memberships that have not ended, in all clinics."""
    return Membership.unscoped.filter(user=user, ended_at=None)


def clinics_with_traces(user: User) -> set[UUID]:
    """Return the clinics whose directory knows the person, or that invited them."""
    invited = Invitation.unscoped.filter(email=user.email)
    known = DirectoryIdentity.unscoped.filter(user=user)
    return {
        organization_id
        for rows in (invited, known)
        for organization_id in rows.values_list("organization_id", flat=True)
    }


def _has_traces(user: User) -> bool:
    said = Q(device="", address=NOWHERE, place="")
    unsaid = Q(agent="", address=NOWHERE)
    return any(
        rows.exists()
        for rows in (
            memberships_of(user),
            AgencyMembership.objects.filter(user=user),
            DirectoryIdentity.unscoped.filter(user=user),
            SocialIdentity.objects.filter(user=user),
            AuthenticatorApp.objects.filter(user=user),
            WebAuthnCredential.objects.filter(user=user),
            RecoveryCodes.objects.filter(user=user),
            LoginSession.objects.filter(user=user).exclude(said),
            TokenFamily.objects.filter(user=user).exclude(unsaid),
        )
    )
