"""Switch the directory on and off, make it the only way in, and take it away."""

from django.db import transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.models import Membership
from accounts.permissions import Permission
from accounts.sso.errors import SsoConnectionNotFoundError, SsoNotReadyError
from accounts.sso.models import DirectoryIdentity, SamlRequest, SsoConnection
from accounts.sso.record import by_member
from accounts.sso.selectors.set_up import get_set_up
from accounts.sso.services.bounds import require_may_give
from sondervoice.kernel import audit

_GONE = "accounts.sso.taken_away"
_TEST = "Test the directory first. Nothing was changed."
_DOMAIN = "Prove a domain first. Nothing was changed."
_ENFORCED = "Everybody must come in by it now. Let passwords in again first."


@transaction.atomic
def turn_on(*, actor: Actor) -> None:
    """Let people come in by the directory.

    Raises:
        RoleNotYoursError: If it gives a role that the actor could not give by hand.
        SsoNotReadyError: If no test has succeeded, or no domain is proved.
    """
    row = _get(actor)
    require_may_give(
        actor, {role for _, role in row.role_map} | ({row.default_role} - {""})
    )
    if row.tested_at is None:
        raise SsoNotReadyError(_TEST)
    if not get_set_up().has_proof:
        raise SsoNotReadyError(_DOMAIN)
    if not row.is_on:
        before = _state(row)
        row.status = SsoConnection.Status.ON
        row.save(update_fields=["status"])
        audit.record(_row("accounts.sso.turned_on", actor, row, before=before))


@transaction.atomic
def turn_off(*, actor: Actor) -> None:
    """Let nobody come in by the directory; sessions that came by it are worth nothing.

    Raises:
        SsoNotReadyError: If it is the only way in.
    """
    row = _get(actor)
    if row.is_enforced:
        raise SsoNotReadyError(_ENFORCED)
    if row.is_on:
        before = _state(row)
        row.status = SsoConnection.Status.TESTED
        row.save(update_fields=["status"])
        audit.record(_row("accounts.sso.turned_off", actor, row, before=before))


@transaction.atomic
def enforce(*, actor: Actor) -> None:
    """Make the directory the only way in, from the next request of each session on.

    Raises:
        SsoNotReadyError: If it is not on, not tested, or no domain is proved.
    """
    row = _get(actor)
    if not row.is_on or row.tested_at is None:
        raise SsoNotReadyError(_TEST)
    if not get_set_up().has_proof:
        raise SsoNotReadyError(_DOMAIN)
    if not row.is_enforced:
        before = _state(row)
        row.is_enforced = True
        row.save(update_fields=["is_enforced"])
        audit.record(_row("accounts.sso.enforced", actor, row, before=before))


@transaction.atomic
def relax(*, actor: Actor) -> None:
    """Let passwords in again."""
    row = _get(actor)
    if row.is_enforced:
        before = _state(row)
        row.is_enforced = False
        row.save(update_fields=["is_enforced"])
        audit.record(_row("accounts.sso.relaxed", actor, row, before=before))


@transaction.atomic
def take_away(*, actor: Actor) -> None:
    """Take the directory away, and who its people are to it; the people stay.

    So do their limits, as if somebody had set them by hand: another directory does not
    lift what this one said.

    Raises:
        SsoNotReadyError: If it is the only way in.
    """
    row = _get(actor)
    if row.is_enforced:
        raise SsoNotReadyError(_ENFORCED)
    audit.record(_row("accounts.sso.taken_away", actor, row, before=_state(row)))
    SamlRequest.objects.filter(connection=row).delete()
    DirectoryIdentity.objects.all().delete()
    Membership.objects.filter(limits_by_directory=True).update(
        limits_by_directory=False
    )
    row.delete()


def _get(actor: Actor) -> SsoConnection:
    actor.require(Permission.SSO_MANAGE)
    row = SsoConnection.objects.select_for_update().first()
    if row is None:
        raise SsoConnectionNotFoundError
    return row


def _state(row: SsoConnection) -> dict[str, object]:
    return {"status": row.status, "is_enforced": row.is_enforced}


def _row(
    action: str, actor: Actor, row: SsoConnection, *, before: dict[str, object]
) -> audit.Entry:
    after = None if action == _GONE else _state(row)
    return audit.Entry(
        action=action,
        **by_member(actor, "sso_connection", row.id),
        facts=hashes_of(row.organization_id, before=before, after=after),
    )
