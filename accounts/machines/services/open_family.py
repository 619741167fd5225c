"""Sign a person in by the API: a new family of tokens, and the end of all others."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.actors import Ask
from accounts.errors import OrganizationNotFoundError
from accounts.machines.errors import (
    CodeNeededError,
    DirectoryWantedError,
    FactorMissingError,
)
from accounts.machines.models import TokenFamily
from accounts.machines.selectors.directory import must_use_directory
from accounts.machines.services.note_refusal import note_token_refusal
from accounts.machines.services.verify_code import verify_code
from accounts.machines.tokens import sign_access, sign_refresh
from accounts.models import Organization, User
from accounts.selectors.members import find_actor
from accounts.services.end_sessions import end_own_sessions
from accounts.way_in import organizations_for_user
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.tenancy import set_local

AGENT_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What the program is given.

    Attributes:
        access_until: When the access token ends, UTC.
        refresh_until: When the person must sign in again, UTC.
    """

    access: str
    refresh: str
    access_until: datetime
    refresh_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """From where and with what the program comes."""

    address: str
    agent: str


def open_family(
    *,
    user: User,
    organization_id: UUID | None,
    code: str,
    coming: Coming,
    now: datetime,
) -> Pair:
    """Begin tokens for the person in the clinic, their first unless one is named.

    It is a sign-in: every other session and token of the person ends.

    Raises:
        OrganizationNotFoundError: If it is none of theirs, or they have none.
        DirectoryWantedError: If the clinic enforces its directory; that is noted.
        FactorMissingError: If they need a second factor and have none.
        CodeNeededError: If the code is missing or wrong.
        TooManyTriesError: If no code of theirs is looked at for a while.
    """
    organization = _organization(user, organization_id)
    ask = _ask(user, organization.pk)
    if ask is Ask.USE_SSO:
        note_token_refusal(
            reason="directory", address=coming.address, user_id=user.pk, now=now
        )
        raise DirectoryWantedError
    if ask is Ask.SET_UP_FACTOR:
        raise FactorMissingError
    if ask is Ask.SHOW_FACTOR and not _is_right(user, code, now):
        raise CodeNeededError
    with transaction.atomic():
        family = _begin(user, organization, coming, now)
        family.factor_at = now if ask is Ask.SHOW_FACTOR else None
        pair = make_pair(family, organization=organization, now=now)
        family.save(force_insert=True)
        _record(family)
    return pair


def make_pair(
    family: TokenFamily, *, organization: Organization, now: datetime
) -> Pair:
    """Return new tokens; the hash of the refresh token is set on the row, not saved."""
    minutes = timedelta(minutes=organization.access_token_minutes)
    until = min(now + minutes, family.expires_at)
    refresh, family.refresh_sha256 = sign_refresh(family, now=now)
    return Pair(
        access=sign_access(family, now=now, until=until),
        refresh=refresh,
        access_until=until,
        refresh_until=family.expires_at,
    )


def _is_right(user: User, code: str, now: datetime) -> bool:
    return bool(code) and verify_code(user=user, code=code, now=now)


def _organization(user: User, wanted: UUID | None) -> Organization:
    mine = organizations_for_user(user.pk)
    if not mine or (wanted is not None and wanted not in mine):
        raise OrganizationNotFoundError
    with tenancy.scope(wanted or mine[0]):
        return Organization.objects.get(pk=wanted or mine[0])


def _ask(user: User, organization_id: UUID) -> Ask | None:
    """Return what the person must still show."""
    with tenancy.scope(organization_id):
        set_local("app.user_id", str(user.pk))
        organization = Organization.objects.get(pk=organization_id)
        actor = find_actor(user=user, organization=organization, factor_at=None)
        if must_use_directory(actor, organization=organization):
            return Ask.USE_SSO
        return actor.asks_for


def _begin(
    user: User, organization: Organization, coming: Coming, now: datetime
) -> TokenFamily:
    return TokenFamily(
        user=user,
        organization_id=organization.pk,
        epoch=end_own_sessions(user_id=user.pk),
        address=coming.address,
        agent=coming.agent[:AGENT_LENGTH].replace("\0", ""),
        started_at=now,
        used_at=now,
        expires_at=now + timedelta(hours=organization.session_hours),
    )


def _record(family: TokenFamily) -> None:
    audit.record(
        audit.Entry(
            action="accounts.token.opened",
            organization_id=None,
            actor_kind="user",
            actor_id=family.user_id,
            subject_kind="user",
            subject_id=family.user_id,
            facts={
                "family": family.pk,
                "organization": family.organization_id,
                "second_factor": family.factor_at is not None,
            },
        )
    )
