"""Connect who a person is elsewhere with their account here."""

from datetime import datetime

from django.db import transaction

from accounts.models import Membership, User
from accounts.services.record_for_clinics import record_for_clinics
from accounts.sso.claims import Claims
from accounts.sso.errors import SsoRefusedError
from accounts.sso.models import DirectoryIdentity, SocialIdentity, SsoConnection
from accounts.sso.record import by_directory, by_person
from accounts.sso.selectors.connections import find_identity, is_proved
from accounts.sso.services.note_change import note_change
from sondervoice.kernel import audit

_LETTER = "accounts.tell_account_connected"
_OTHER = "The provider knows you by another address than we do. Nothing was connected."
_TAKEN = "This account is connected with somebody else here. Nothing was changed."


@transaction.atomic
def connect_directory(
    *, connection: SsoConnection, user: User, claims: Claims, now: datetime
) -> int | None:
    """Let the person come in through the clinic's directory from now on.

    They have proved themselves before: with password and second factor. They are told
    by mail, and all their sessions and tokens end.

    Returns:
        The number that the session which asked takes along; None if it was connected
        before, which changes nothing.

    Raises:
        SsoRefusedError: If the addresses differ, the domain is not the clinic's, they
            are no member, or the directory's subject is somebody else here.
    """
    _refuse_other_address(user, claims)
    if not is_proved(domain=claims.domain):
        raise SsoRefusedError("domain")
    if not Membership.objects.filter(user=user, ended_at=None).exists():
        raise SsoRefusedError("member")
    identity = find_identity(issuer=claims.issuer, subject=claims.subject)
    if identity is not None:
        if identity.user_id != user.pk:
            raise SsoRefusedError("subject", _TAKEN)
        return None
    DirectoryIdentity.objects.create(
        organization_id=connection.organization_id,
        user=user,
        issuer=claims.issuer,
        subject=claims.subject,
        created_at=now,
    )
    audit.record(
        audit.Entry(action="accounts.sso.connected", **by_directory(connection, user))
    )
    return note_change(
        user=user, letter=_LETTER, organization_id=connection.organization_id
    )


@transaction.atomic
def connect_social(*, user: User, claims: Claims, now: datetime) -> int | None:
    """Let the person come in through Google or Microsoft from now on.

    They are told by mail, all their sessions and tokens end, and each of their clinics
    has it in its record.

    Returns:
        The number that the session which asked takes along; None if it was connected
        before, which changes nothing.

    Raises:
        SsoRefusedError: If the addresses differ, or it is somebody else's here.
    """
    _refuse_other_address(user, claims)
    identity, is_new = SocialIdentity.objects.get_or_create(
        issuer=claims.issuer,
        subject=claims.subject,
        defaults={"user": user, "created_at": now},
    )
    if identity.user_id != user.pk:
        raise SsoRefusedError("subject", _TAKEN)
    if not is_new:
        return None
    entry = audit.Entry(action="accounts.social.connected", **by_person(user))
    record_for_clinics(entry, user_id=user.pk)
    return note_change(user=user, letter=_LETTER, organization_id=None)


def _refuse_other_address(user: User, claims: Claims) -> None:
    if claims.email != user.email.lower():
        raise SsoRefusedError("address", _OTHER)
