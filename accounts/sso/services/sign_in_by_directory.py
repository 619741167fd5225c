"""Let a person in whom their clinic's directory names."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.left_keys import settle_keys
from accounts.models import Membership, User
from accounts.permissions import Role
from accounts.services.end_sessions import end_member_sessions
from accounts.sso.claims import Claims
from accounts.sso.errors import SsoRefusedError
from accounts.sso.models import DirectoryIdentity, SsoConnection
from accounts.sso.record import by_directory, nobody
from accounts.sso.role_map import Given, given_by
from accounts.sso.selectors.connections import find_identity, is_proved
from accounts.sso.services.limit_by_directory import limit_by_directory
from sondervoice.kernel import audit

_DOMAIN = "Your clinic has not proved that this domain is its own. Tell an owner."
_MEMBER = "You do not belong to this clinic any more. Its owner can add you again."
_ROLE = "Your clinic's directory gives you no role here. Its owner can change that."
_KNOWN = (
    "There is an account with this address already. Sign in with your password, then "
    "connect the directory under Your sign-in, Accounts elsewhere."
)


@transaction.atomic
def sign_in_by_directory(
    *, connection: SsoConnection, claims: Claims, now: datetime
) -> User:
    """Return the person, made and joined if the connection says so.

    Runs in the clinic's scope, with purpose `sign_in`. Their role, and whose calls they
    see, become what their groups say; a change ends their older sessions. An owner
    stays one.

    Raises:
        SsoRefusedError: If their address is of a domain that the clinic has not proved,
            has an account already that nobody connected, or has left; or they have no
            role.
    """
    if not is_proved(domain=claims.domain):
        raise SsoRefusedError("domain", _DOMAIN)
    given = given_by(
        claims.groups, connection.role_map, default=connection.default_role
    )
    identity = find_identity(issuer=claims.issuer, subject=claims.subject)
    if identity is None:
        identity = _make_person(connection, claims, given, now=now)
    _refuse_who_left(identity.user)
    _give(connection, identity.user, given, now=now)
    identity.last_used_at = now
    identity.save(update_fields=["last_used_at"])
    audit.record(
        audit.Entry(
            action="accounts.sso.used", **by_directory(connection, identity.user)
        )
    )
    identity.user.refresh_from_db()
    return identity.user


def _make_person(
    connection: SsoConnection, claims: Claims, given: Given | None, *, now: datetime
) -> DirectoryIdentity:
    if User.objects.filter(email=claims.email).exists():
        raise SsoRefusedError("address", _KNOWN)
    if given is None:
        raise SsoRefusedError("role", _ROLE)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                claims.email,
                full_name=claims.name,
                email_verified_at=now,
                created_at=now,
            )
    except IntegrityError:
        # Two browsers of one person at once: the second comes again.
        raise SsoRefusedError("address") from None
    audit.record(
        audit.Entry(action="accounts.sso.person_made", **by_directory(connection, user))
    )
    return DirectoryIdentity.objects.create(
        organization_id=connection.organization_id,
        user=user,
        issuer=claims.issuer,
        subject=claims.subject,
        created_at=now,
    )


def _refuse_who_left(user: User) -> None:
    membership = Membership.objects.filter(user=user).first()
    if not user.is_active or (membership is not None and not membership.is_active):
        raise SsoRefusedError("member", _MEMBER)


def _give(
    connection: SsoConnection, user: User, given: Given | None, *, now: datetime
) -> None:
    # Locked: somebody may be limiting them by hand.
    found = Membership.objects.select_for_update(of=("self",)).select_related("user")
    member = found.filter(user=user).first()
    # Without lines of its own a connection says nothing about who is here already.
    is_silent = not connection.role_map
    if member is not None and (member.role == Role.OWNER or is_silent):
        return
    if given is None:
        raise SsoRefusedError("role", _ROLE)
    is_new = member is None
    if member is None:
        member = _join(connection, user, given.role, now=now)
    elif member.role != given.role or member.custom_role_id is not None:
        _change_role(connection, member, given.role, now=now)
    limit_by_directory(
        connection=connection, member=member, group=given.group, is_new=is_new, now=now
    )


def _join(
    connection: SsoConnection, user: User, role: Role, *, now: datetime
) -> Membership:
    member = Membership.objects.create(
        organization_id=connection.organization_id,
        user=user,
        role=role,
        created_at=now,
    )
    audit.record(
        audit.Entry(
            action="accounts.sso.member_joined", **by_directory(connection, user)
        )
    )
    return member


def _change_role(
    connection: SsoConnection, member: Membership, role: Role, *, now: datetime
) -> None:
    member.role, member.custom_role = role, None
    member.save(update_fields=["role", "custom_role"])
    end_member_sessions(user_id=member.user_id)
    # The keys that do more than the person may now.
    settle_keys(actor=nobody(member), user_id=member.user_id, now=now)
    audit.record(
        audit.Entry(
            action="accounts.sso.role_changed", **by_directory(connection, member.user)
        )
    )
