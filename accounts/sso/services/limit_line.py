"""Name the places and receptionists whose calls the people of a line see."""

from collections.abc import Sequence

from django.db import models, transaction

from accounts.actors import Actor
from accounts.change_hashes import hashes_of
from accounts.limit_choices import require_may_narrow
from accounts.permissions import Permission
from accounts.sso.errors import SsoConnectionNotFoundError, SsoLineChangedError
from accounts.sso.models import SsoConnection
from accounts.sso.record import by_member, state_of
from accounts.sso.role_map import NO_GROUP
from accounts.sso.selectors.lines import get_line
from accounts.sso.services.bounds import require_may_give
from sondervoice.kernel import audit


@transaction.atomic
def limit_line(
    *, actor: Actor, number: int, group: str, to: Sequence[models.Model] | None
) -> None:
    """Let whom a line brings in see the calls of these things alone.

    Who is here already does from their next sign-in on.

    Args:
        number: Of the line; 0 for who is in none of the groups.
        group: Whose line the actor means it to be.
        to: Rows of the open scope, of any kind that calls are narrowed by; None for
            all calls.

    Raises:
        PermissionMissingError: If the actor may not set the directory up, or sees
            neither members nor calls.
        RoleNotYoursError: If they could not give the line's role by hand.
        SsoConnectionNotFoundError: If there is no directory.
        SsoLineChangedError: If the line is another group's by now.
        SsoLineNotFoundError: If there is no such line.
    """
    actor.require(Permission.SSO_MANAGE)
    require_may_narrow(actor)
    row = _locked()
    line = get_line(row, number=number)
    if line.group != group:
        raise SsoLineChangedError
    require_may_give(actor, {line.role})
    before = state_of(row)
    field = _name(row, group, to)
    row.save(update_fields=[field])
    audit.record(
        audit.Entry(
            action="accounts.sso.set_up",
            **by_member(actor, "sso_connection", row.id),
            fields=(field,),
            facts=hashes_of(row.organization_id, before=before, after=state_of(row)),
        )
    )


def _locked() -> SsoConnection:
    row = SsoConnection.objects.select_for_update().first()
    if row is None:
        raise SsoConnectionNotFoundError
    return row


def _name(row: SsoConnection, group: str, to: Sequence[models.Model] | None) -> str:
    """Put it into the row; return the name of the column."""
    ids = None if to is None else [one.pk for one in to]
    if group == NO_GROUP:
        row.default_limited_to = ids
        return "default_limited_to"
    limits = {name: kept for name, kept in row.limits_by_group.items() if name != group}
    if ids is not None:
        limits[group] = [str(one) for one in ids]
    row.limits_by_group = limits
    return "limits_by_group"
