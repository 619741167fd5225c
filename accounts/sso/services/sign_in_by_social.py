"""Let a person in whom Google or Microsoft names."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.sso.claims import Claims
from accounts.sso.errors import SsoRefusedError
from accounts.sso.models import SocialIdentity
from accounts.sso.record import by_person
from sondervoice.kernel import audit

_UNKNOWN = (
    "Nobody has connected this account. If you are invited, open the link of your "
    "letter first. Else sign in with your password, then connect it under Your "
    "sign-in, Accounts elsewhere."
)


@transaction.atomic
def sign_in_by_social(*, claims: Claims, now: datetime) -> User:
    """Return the person who connected this account; runs with purpose `sign_in`.

    Raises:
        SsoRefusedError: If nobody has, or they may not come in any more. Nobody is made
            an account by this road.
    """
    identity = (
        SocialIdentity.objects.select_related("user")
        .filter(issuer=claims.issuer, subject=claims.subject)
        .first()
    )
    if identity is None:
        raise SsoRefusedError("address", _UNKNOWN)
    if not identity.user.is_active:
        raise SsoRefusedError("member", "This account is closed.")
    identity.last_used_at = now
    identity.save(update_fields=["last_used_at"])
    audit.record(audit.Entry(action="accounts.social.used", **by_person(identity.user)))
    return identity.user
