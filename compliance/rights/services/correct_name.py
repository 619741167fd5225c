"""Correct a name that was taken down of somebody who asked for it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.rights import record
from compliance.rights.errors import RequestNotFoundError, RequestSettledError
from compliance.rights.models import RightsRequest
from compliance.rights.saga import Checkpoint
from compliance.rights.selectors.coverage import selection_of
from compliance.rights.selectors.requests import get_request, get_request_for_update
from sondervoice.kernel.rights import RightsKind
from sondervoice.kernel.subject_data import Name, name_keepers


def read_names(*, actor: Actor, request_id: UUID, now: datetime) -> list[Name]:
    """Return the names that stand of the person, and record the look.

    Raises:
        PermissionMissingError: If the actor may not decide about requests.
        RequestNotFoundError: If there is no such request.
    """
    request = get_request(actor=actor, request_id=request_id)
    actor.require(Permission.RIGHTS_MANAGE)
    if not _is_open(request):
        return []
    wanted = selection_of(request, now=now)
    names = [name for keeper in name_keepers() for name in keeper.list_names(wanted)]
    record.names_read(request, actor, len(names))
    return names


@transaction.atomic
def correct_name(
    *,
    actor: Actor,
    request_id: UUID,
    keeper: str,
    item_id: UUID,
    text: str,
    now: datetime,
) -> None:
    """Write another name; what it was is not kept.

    Raises:
        PermissionMissingError: If the actor may not decide about requests.
        RequestNotFoundError: If there is no such request, or no such name of theirs.
        RequestSettledError: If the request asks for something else, or is decided.
    """
    actor.require(Permission.RIGHTS_MANAGE)
    request = get_request_for_update(request_id=request_id)
    if not _is_open(request):
        raise RequestSettledError
    wanted = selection_of(request, now=now)
    keepers = {one.name: one for one in name_keepers()}
    found = keeper in keepers and keepers[keeper].correct(
        item_id, wanted=wanted, text=text.strip(), now=now
    )
    if not found:
        raise RequestNotFoundError(kind="item", thing_id=item_id)
    record.name_corrected(request, actor, item_id)


def _is_open(request: RightsRequest) -> bool:
    is_undecided = request.checkpoint == Checkpoint.RECEIVED
    return request.kind == RightsKind.RECTIFY and is_undecided
