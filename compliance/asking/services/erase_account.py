"""Close a person's account and take their name, address and traces out of it.

What stays is the id, since records of clinics name it, and the rows of the record.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django_otp_webauthn.models import WebAuthnCredential

from accounts.client_address import NOWHERE
from accounts.joining.models import Invitation
from accounts.joining.services.close_account import close_account
from accounts.machines.models import TokenFamily
from accounts.models import User
from accounts.second_factor.models import AuthenticatorApp, RecoveryCodes
from accounts.sessions.models import LoginSession
from accounts.sso.models import DirectoryIdentity, SocialIdentity
from accounts.way_in import organizations_for_user
from compliance.asking.services.ask_privacy import forget_words, note_served
from sondervoice.kernel import tenancy
from sondervoice.kernel.rights import RightsKind


@transaction.atomic
def erase_account(*, user: User, now: datetime) -> None:
    """Close the account, then forget whose it was; all of it or nothing.

    Raises:
        LastOwnerError: If a clinic would have no owner; then nothing is changed.
    """
    clinics = organizations_for_user(user.pk)
    close_account(user=user, now=now)
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
    forget_words(user=user, now=now)
    note_served(user=user, kind=RightsKind.ERASE, now=now)


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
