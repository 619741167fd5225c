"""Questions about tokens; each is asked as the person whose they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from accounts.actors import Actor
from accounts.errors import OrganizationNotFoundError, PermissionMissingError
from accounts.machines.models import TokenFamily
from accounts.machines.selectors.directory import must_use_directory
from accounts.machines.tokens import Claims
from accounts.models import Organization, User
from accounts.permissions import ADMINISTRATIVE, ROLE_GRANTS, Role
from accounts.selectors.members import find_actor
from accounts.sessions.limits import STRICT_IDLE_MINUTES
from sondervoice.kernel import tenancy


@dataclass(frozen=True, slots=True)
class Dead:
    """A token that is ours, in time, and worth nothing.

    Attributes:
        reason: ``ended``, ``expired``, ``no_member`` or ``directory``, for the record.
    """

    reason: str


def list_own_families(*, actor: Actor, now: datetime) -> QuerySet[TokenFamily]:
    """Return the living tokens of the person, the last used first.

    Raises:
        PermissionMissingError: If the actor is a machine, which has none.
    """
    if actor.kind != "user":
        raise PermissionMissingError
    found = TokenFamily.objects.filter(
        user_id=actor.id,
        ended_at=None,
        expires_at__gt=now,
        epoch=F("user__session_epoch"),
    )
    return found.order_by("-used_at", "-id")


def is_living(family: TokenFamily, claims: Claims, *, now: datetime) -> bool:
    """Return whether the token's family goes on, and the token is of its sign-in.

    A family is over with its person's `session_epoch`: another sign-in, a password or
    a role that was changed.
    """
    return (
        family.ended_at is None
        and family.expires_at > now
        and family.organization_id == claims.organization_id
        and claims.epoch == family.epoch == family.user.session_epoch
        and family.user.is_active
    )


def find_actor_of_token(claims: Claims, *, now: datetime) -> Actor | Dead:
    """Return the person of an access token in its clinic.

    Asked in a transaction that runs as the person.
    """
    family = find_family(claims.family_id)
    if family is None or not is_living(family, claims, now=now):
        return Dead("ended")
    return actor_of_family(family, now=now)


def ends_at(family: TokenFamily, *, organization: Organization) -> datetime:
    """Return when the tokens end: sooner than they were told, if the clinic says so."""
    longest = timedelta(hours=organization.session_hours)
    return min(family.expires_at, family.started_at + longest)


def actor_of_family(family: TokenFamily, *, now: datetime) -> Actor | Dead:
    """Return the person in the clinic of these tokens, as both are now."""
    with tenancy.scope(family.organization_id):
        organization = Organization.objects.get(pk=family.organization_id)
        if ends_at(family, organization=organization) <= now:
            return Dead("ended")
        try:
            found = find_actor(
                user=family.user, organization=organization, factor_at=family.factor_at
            )
        except OrganizationNotFoundError:
            return Dead("no_member")
        if now - family.used_at >= _idle(found, family.user, organization):
            return Dead("expired")
        if must_use_directory(found, organization=organization):
            return Dead("directory")
        return found


def _idle(actor: Actor, user: User, organization: Organization) -> timedelta:
    """Return how long the tokens may go unused, as a browser's session in this clinic.

    What the role gives counts, also while a second factor is asked for or limits narrow
    it: `accounts.sessions` counts it so.
    """
    granted = actor.permissions | ROLE_GRANTS[Role(actor.role)]
    gives_access = not ADMINISTRATIVE.isdisjoint(granted)
    is_strict = organization.hipaa_mode or gives_access or user.is_staff
    most = STRICT_IDLE_MINUTES if is_strict else organization.idle_minutes
    return timedelta(minutes=min(organization.idle_minutes, most))


def find_family(family_id: UUID) -> TokenFamily | None:
    """Return the tokens with their person, or None when they are not theirs."""
    return TokenFamily.objects.select_related("user").filter(pk=family_id).first()
