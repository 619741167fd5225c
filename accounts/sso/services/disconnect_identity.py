"""Forget who a person is elsewhere."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from accounts.models import Organization, User
from accounts.services.record_for_clinics import record_for_clinics
from accounts.sso.enforcement import counts_here
from accounts.sso.errors import (
    SsoElsewhereError,
    SsoIdentityNotFoundError,
    SsoNotReadyError,
)
from accounts.sso.models import DirectoryIdentity, SocialIdentity
from accounts.sso.record import by_person
from accounts.sso.selectors.own_roads import has_other_way_in
from accounts.sso.services.note_change import note_change
from accounts.way_in import organizations_for_user
from sondervoice.kernel import audit, tenancy

_ONLY_WAY = (
    "It is your only way in. Set a password first: ask for a link under Forgot your "
    "password. Nothing was changed."
)


@transaction.atomic
def disconnect_identity(*, user: User, identity_id: UUID, came_by: str | None) -> int:
    """Let the person come in by it no more; they are told by mail.

    All their sessions and tokens end.

    Args:
        came_by: The id of the connection that opened the session which asks.

    Returns:
        The number that the session which asked takes along.

    Raises:
        SsoNotReadyError: If they could not come in any more.
        SsoElsewhereError: If the session does not count in the directory's clinic.
        SsoIdentityNotFoundError: If they have no such account; another's is the same.
    """
    # Locked, so that of two at once the second sees what the first has left.
    user = User.objects.select_for_update().get(pk=user.pk)
    if not has_other_way_in(user=user, identity_id=identity_id):
        raise SsoNotReadyError(_ONLY_WAY)
    entry = audit.Entry(action="accounts.sso.disconnected", **by_person(user))
    clinic_id = None
    if SocialIdentity.objects.filter(pk=identity_id, user=user).delete()[0]:
        record_for_clinics(entry, user_id=user.pk)
    else:
        clinic_id = _forget(user, identity_id, entry, came_by)
    return note_change(
        user=user,
        letter="accounts.tell_account_disconnected",
        organization_id=clinic_id,
    )


def _forget(
    user: User, identity_id: UUID, entry: audit.Entry, came_by: str | None
) -> UUID:
    """Forget one of a clinic's directory; return whose it was."""
    for organization_id in organizations_for_user(user.pk):
        with tenancy.scope(organization_id):
            mine = DirectoryIdentity.objects.filter(pk=identity_id, user=user)
            if not mine.exists():
                continue
            organization = Organization.objects.get(pk=organization_id)
            if not counts_here(organization=organization, came_by=came_by):
                raise SsoElsewhereError
            mine.delete()
            audit.record(replace(entry, organization_id=organization_id))
            return organization_id
    raise SsoIdentityNotFoundError
