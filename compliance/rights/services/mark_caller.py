"""Place what a clinic must mind about a number, and lift it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.rights import record
from compliance.rights.errors import MarkNotFoundError, RequestRefusedError
from compliance.rights.models import CallerMark, RightsRequest
from compliance.rights.sealed import seal_column
from compliance.rights.services.decide import REASON_AT_MOST
from sondervoice.kernel.rights import RightsKind

_KINDS = {
    RightsKind.RESTRICT: CallerMark.Kind.RESTRICTED,
    RightsKind.OBJECT: CallerMark.Kind.OBJECTED,
}


def place_mark(request: RightsRequest, *, now: datetime) -> CallerMark:
    """Mark the number of an approved request; one that is marked stays as it is."""
    mark, is_new = CallerMark.objects.get_or_create(
        organization_id=request.organization_id,
        kind=_KINDS[RightsKind(request.kind)],
        caller_index=bytes(request.phone_index),
        lifted_at=None,
        defaults={"request": request, "placed_at": now},
    )
    if is_new:
        record.mark_placed(mark)
    return mark


@transaction.atomic
def lift_mark(*, actor: Actor, mark_id: UUID, reason: str, now: datetime) -> CallerMark:
    """Use the data again, or record calls again; the reason is kept for a while.

    Raises:
        PermissionMissingError: If the actor may not decide.
        MarkNotFoundError: If there is no such mark, or it was lifted.
        RequestRefusedError: If no reason is said.
    """
    actor.require(Permission.RIGHTS_MANAGE)
    standing = CallerMark.objects.select_for_update().filter(lifted_at=None)
    mark = standing.filter(pk=mark_id).first()
    if mark is None:
        raise MarkNotFoundError
    if not 0 < len(reason.strip()) <= REASON_AT_MOST:
        raise RequestRefusedError
    mark.lifted_at, mark.lifted_by, mark.caller_index = now, actor.id, b""
    mark.reason_sealed = seal_column(reason, row=mark, column="reason_sealed", now=now)
    mark.save()
    record.mark_lifted(mark, actor)
    return mark
