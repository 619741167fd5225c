"""Forget who a person is elsewhere."""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.sso.errors import SsoIdentityNotFoundError, SsoNotReadyError
from accounts.sso.models import DirectoryIdentity, SocialIdentity
from accounts.sso.record import by_person
from accounts.way_in import organizations_for_user
from sondervoice.kernel import audit, tenancy

_ONLY_WAY = "It is your only way in. Set a password first."


@transaction.atomic
def disconnect_identity(*, user: User, identity_id: UUID) -> None:
    """Let the person come in by it no more.

    Raises:
        SsoNotReadyError: If they have no password to come in by.
        SsoIdentityNotFoundError: If they have no such account; another's is the same.
    """
    if not user.has_usable_password():
        raise SsoNotReadyError(_ONLY_WAY)
    if not (_forget_social(user, identity_id) or _forget(user, identity_id)):
        raise SsoIdentityNotFoundError
    audit.record(
        audit.Entry(action="accounts.sso.disconnected", **by_person(user)),
    )


def _forget_social(user: User, identity_id: UUID) -> bool:
    gone, _ = SocialIdentity.objects.filter(pk=identity_id, user=user).delete()
    return bool(gone)


def _forget(user: User, identity_id: UUID) -> bool:
    for organization_id in organizations_for_user(user.pk):
        with tenancy.scope(organization_id):
            mine = DirectoryIdentity.objects.filter(pk=identity_id, user=user)
            if mine.delete()[0]:
                return True
    return False
