"""What a session may do where a directory stands at the door."""

from dataclasses import replace

from accounts.actors import Actor, Ask
from accounts.entitlements import Feature, plan_has
from accounts.models import Organization
from accounts.permissions import Permission, Role
from accounts.sso.models import SsoConnection
from accounts.sso.selectors.connections import find_connection

_NOTHING: frozenset[Permission] = frozenset()


def hold_to_directory(
    actor: Actor,
    *,
    organization: Organization,
    came_by: str | None,
    by_password: bool = True,
) -> Actor:
    """Return the actor with what this session may do in the open clinic.

    A clinic that enforces its directory counts sessions alone that came by it. What a
    directory says holds in its own clinic: in another one such a session is worth
    nothing. An owner who has shown password and second factor may enter the set-up of
    the directory, so that a broken one does not lock the clinic out.

    Args:
        came_by: The id of the connection that opened the session.
        by_password: Whether neither Google nor Microsoft opened it.
    """
    if counts_here(organization=organization, came_by=came_by):
        return actor
    if came_by is None and by_password:
        return _at_the_glass(actor)
    return _stopped(actor)


def counts_here(*, organization: Organization, came_by: str | None) -> bool:
    """Return whether a session that came so counts in the open clinic.

    Args:
        came_by: The id of the connection that opened it; None for a password, Google
            or Microsoft.
    """
    has_plan = plan_has(organization.plan, Feature.SSO)
    if came_by is None and not has_plan:
        return True
    connection = find_connection()
    if came_by is not None:
        return has_plan and _is_by(connection, came_by)
    return connection is None or not connection.is_enforced


def _is_by(connection: SsoConnection | None, came_by: str) -> bool:
    return connection is not None and connection.is_on and str(connection.id) == came_by


def _at_the_glass(actor: Actor) -> Actor:
    if actor.role != Role.OWNER or actor.asks_for is Ask.SET_UP_FACTOR:
        return _stopped(actor)
    if actor.asks_for is Ask.SHOW_FACTOR:
        return actor
    return replace(
        actor, permissions=frozenset({Permission.SSO_MANAGE}), asks_for=Ask.USE_SSO
    )


def _stopped(actor: Actor) -> Actor:
    return replace(actor, permissions=_NOTHING, asks_for=Ask.USE_SSO)
