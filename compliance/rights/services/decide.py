"""What a clinic decides about a request: yes, no, later, or that it was none."""

from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Organization
from accounts.permissions import Permission
from accounts.second_factor.freshness import require_fresh_factor
from compliance.rights import record
from compliance.rights.due_dates import may_extend_to
from compliance.rights.errors import RequestRefusedError, RequestSettledError
from compliance.rights.models import RightsRequest
from compliance.rights.saga import Checkpoint
from compliance.rights.sealed import drop_unreadable, seal_column
from compliance.rights.selectors.requests import get_request_for_update
from compliance.rights.services.conclude import conclude
from compliance.rights.services.move import move
from compliance.rights.words import GROUNDS
from sondervoice.kernel.jobs import after_commit
from sondervoice.kernel.rights import RightsKind, request_put_off

REASON_AT_MOST: Final = 500


@transaction.atomic
def approve(
    *, actor: Actor, request_id: UUID, is_corrected: bool = False, now: datetime
) -> RightsRequest:
    """Let the request go on by itself to its end.

    Args:
        is_corrected: Of a request to correct, that it was done, by whoever approves.

    Raises:
        PermissionMissingError: If the actor may not decide.
        SecondFactorStaleError: If it was not shown in the last five minutes.
        RequestNotFoundError: If there is no such request.
        RequestRefusedError: If nobody says that what is to be corrected is.
        RequestSettledError: If it was decided before.
    """
    actor.require(Permission.RIGHTS_MANAGE)
    require_fresh_factor(actor, now=now)
    request = _undecided(request_id)
    if request.kind == RightsKind.RECTIFY and not is_corrected:
        raise RequestRefusedError
    request.decided_at, request.decided_by = now, actor.id
    move(request, Checkpoint.APPROVED, now=now, actor=actor)
    return request


@transaction.atomic
def refuse(
    *, actor: Actor, request_id: UUID, ground: str, words: str, now: datetime
) -> RightsRequest:
    """Conclude the request with a reason of the law's, and the clinic's own words.

    Raises:
        PermissionMissingError: If the actor may not decide.
        RequestNotFoundError: If there is no such request.
        RequestRefusedError: If the reason is none of the law's, or no words are said.
        RequestSettledError: If it was decided before.
    """
    actor.require(Permission.RIGHTS_MANAGE)
    request = _undecided(request_id)
    if ground not in GROUNDS or not 0 < len(words.strip()) <= REASON_AT_MOST:
        raise RequestRefusedError
    request.decided_at, request.decided_by = now, actor.id
    request.refusal_ground = ground
    request.refusal_sealed = seal_column(
        words, row=request, column="refusal_sealed", now=now
    )
    move(request, Checkpoint.REFUSED, now=now, actor=actor)
    conclude(request, now=now)
    return request


@transaction.atomic
def cancel(*, actor: Actor, request_id: UUID, now: datetime) -> RightsRequest:
    """Take back what staff entered by mistake, before it is decided.

    Raises:
        PermissionMissingError: If the actor may not decide.
        RequestNotFoundError: If there is no such request.
        RequestSettledError: If it was decided before, or a person asked it themselves.
    """
    actor.require(Permission.RIGHTS_MANAGE)
    request = _undecided(request_id)
    if request.source != RightsRequest.Source.STAFF:
        raise RequestSettledError("The person asked this. It is approved or refused.")
    move(request, Checkpoint.CANCELLED, now=now, actor=actor)
    conclude(request, now=now)
    return request


@transaction.atomic
def extend(
    *, actor: Actor, request_id: UUID, until: date, reason: str, now: datetime
) -> RightsRequest:
    """Put the answer off, once, by 60 days at most; the person is told why.

    Source:
        Regulation (EU) 2016/679, article 12(3): they are told within the first month.

    Raises:
        PermissionMissingError: If the actor may not decide.
        RequestNotFoundError: If there is no such request.
        RequestRefusedError: If the day is too late, not later, or no reason is said.
        RequestSettledError: If it is concluded, was put off before, or is past its day.
    """
    actor.require(Permission.RIGHTS_MANAGE)
    request = get_request_for_update(request_id=request_id)
    clinic = Organization.objects.get(pk=request.organization_id)
    today = now.astimezone(ZoneInfo(clinic.timezone)).date()
    if request.concluded_at or request.extended_at or today > request.due_on:
        raise RequestSettledError("It can be put off once, and before its day.")
    is_said = 0 < len(reason.strip()) <= REASON_AT_MOST
    if not is_said or not request.due_on < until <= may_extend_to(request.due_on):
        raise RequestRefusedError
    days = (until - request.due_on).days
    request.extended_at, request.due_on, request.reminded_days = now, until, None
    drop_unreadable(request)
    request.extension_sealed = seal_column(
        reason, row=request, column="extension_sealed", now=now
    )
    request.save()
    record.extended(request, actor, days)
    _tell_put_off(request)
    return request


def _tell_put_off(request: RightsRequest) -> None:
    """Have a letter written, and whoever took the request at the door told."""
    after_commit(
        "compliance.rights_tell_extension",
        organization_id=request.organization_id,
        ids={"request_id": request.id},
    )
    if request.asking_id is not None:
        request_put_off.send(
            organization_id=request.organization_id,
            request_id=request.id,
            asking_id=request.asking_id,
        )


def _undecided(request_id: UUID) -> RightsRequest:
    request = get_request_for_update(request_id=request_id)
    if request.checkpoint != Checkpoint.RECEIVED:
        raise RequestSettledError
    return request
