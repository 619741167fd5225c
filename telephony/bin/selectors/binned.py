"""The only door to what is to be deleted, and to what lies in the bin."""

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.retention.selectors.holds import covered
from telephony.bin.errors import RowNotFoundError
from telephony.bin.kinds import DRAWERS, Kind, Rows
from telephony.selectors.limits import within_limits


def get_visible(
    *, actor: Actor, kind: Kind, row_id: UUID, lock: bool = False
) -> object:
    """Return a row that is not deleted.

    Args:
        lock: Hold it until the transaction ends.

    Raises:
        PermissionMissingError: If the actor may not delete.
        RowNotFoundError: If there is none, it is another clinic's, or beyond limits.
    """
    actor.require(Permission.CALLS_DELETE)
    drawer = DRAWERS[kind]
    rows = drawer.visible().filter(within_limits(actor, call=drawer.call))
    return _one(rows, row_id, lock=lock)


def get_binned(*, actor: Actor, kind: Kind, row_id: UUID, lock: bool = False) -> object:
    """Return a row that lies in the bin.

    Raises:
        PermissionMissingError: If the actor may not delete.
        RowNotFoundError: If there is none, it is another clinic's, or beyond limits.
    """
    return _one(list_binned(actor=actor, kind=kind), row_id, lock=lock)


def list_binned(*, actor: Actor, kind: Kind) -> Rows:
    """Return what lies in the bin, what was deleted last first.

    Raises:
        PermissionMissingError: If the actor may not delete.
    """
    actor.require(Permission.CALLS_DELETE)
    drawer = DRAWERS[kind]
    rows = drawer.everything().filter(within_limits(actor, call=drawer.call))
    deleted = rows.filter(drawer.in_sight, deleted_at__isnull=False)
    return deleted.exclude(drawer.gone).order_by("-deleted_at", "-id")


def list_held(*, actor: Actor, kind: Kind) -> set[UUID]:
    """Return the ids of those that a legal hold covers."""
    held = list_binned(actor=actor, kind=kind).filter(DRAWERS[kind].held(covered()))
    return set(held.values_list("id", flat=True))


def just_deleted(
    *, actor: Actor, kind: Kind, row_id: UUID | None, now: datetime
) -> UUID | None:
    """Return the id if the actor could bring that row back now, else None."""
    if row_id is None or not actor.may(Permission.CALLS_DELETE):
        return None
    rows = list_binned(actor=actor, kind=kind)
    return row_id if rows.filter(pk=row_id, restorable_until__gt=now).exists() else None


def _one(rows: Rows, row_id: UUID, *, lock: bool) -> object:
    found = rows.select_for_update(of=("self",)) if lock else rows
    row: object | None = found.filter(pk=row_id).first()
    if row is None:
        raise RowNotFoundError
    return row
