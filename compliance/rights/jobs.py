"""The jobs of requests, their letters, and their clock."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from celery import shared_task
from django.conf import settings

from accounts.letters import send_letter
from accounts.models import Organization
from accounts.permissions import Permission
from accounts.selectors.holders import find_holder_address
from accounts.way_in import organization_ids
from compliance.retention.services import destroy_words_key as destroying
from compliance.rights.models import RightsRequest
from compliance.rights.saga import Checkpoint
from compliance.rights.sealed import open_column
from compliance.rights.services import go_on as going_on
from compliance.rights.services import watch_requests as watching
from compliance.rights.words import CHECKPOINTS, KINDS
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject
from sondervoice.kernel.slots import claim_slot, finish_slot

_TO_ASKER: Final = Sending(to=("mail",), of=Subject.CALLERS, purpose=Purpose.RIGHTS)
_TO_PEOPLE: Final = Sending(to=("mail",), of=Subject.STAFF, purpose=Purpose.RIGHTS)
_TO_US: Final = Sending(to=("mail",), of=Subject.OPERATORS, purpose=Purpose.OUR_DUTIES)

logger = logging.getLogger(__name__)

_CLOCK: Final = "compliance.watch_rights"
_LEASE: Final = timedelta(minutes=20)


@shared_task(name=_CLOCK, ignore_result=True)
def watch_rights() -> None:
    """Look at every clinic's requests once an hour, whoever comes first."""
    now = utc_now()
    slot = now.replace(minute=0, second=0, microsecond=0)
    if claim_slot(_CLOCK, slot, now=now, lease=_LEASE):
        for organization_id in organization_ids():
            _watch(organization_id, now=now)
        finish_slot(_CLOCK, slot, now=now)


def _watch(organization_id: UUID, *, now: datetime) -> None:
    try:
        watching.watch_requests(organization_id=organization_id, now=now)
    # The clock's per-clinic guard: one clinic's fault keeps no other waiting.
    except Exception as error:  # noqa: BLE001
        logger.critical(
            "a clinic's requests were not looked at",
            extra={"id": str(organization_id), "code": type(error).__name__},
        )


@job("compliance.rights_go_on", gives_up=False)
def rights_go_on(*, organization_id: UUID, request_id: UUID) -> None:
    """Take a request's next step, if there is one."""
    going_on.go_on(
        organization_id=organization_id, request_id=request_id, now=utc_now()
    )


@job("compliance.rights_after_run", gives_up=False)
def rights_after_run(*, organization_id: UUID, run_id: UUID) -> None:
    """Go on with the request whose erasing run is over."""
    going_on.go_on_after_run(organization_id=organization_id, run_id=run_id)


@job("compliance.rights_after_hold", gives_up=False)
def rights_after_hold(*, organization_id: UUID, hold_id: UUID) -> None:
    """Go on with what a hold kept back, once it is released."""
    with tenancy.scope(organization_id):
        going_on.go_on_with_held(organization_id=organization_id)


@job("compliance.rights_destroy_key", gives_up=False)
def rights_destroy_key(*, organization_id: UUID, request_id: UUID) -> None:
    """List and destroy the key of who asked; what it sealed is emptied already."""
    destroying.destroy_words_key(
        organization_id=organization_id, key_id=request_id, now=utc_now()
    )


@job("compliance.rights_remind", gives_up=False, sends=_TO_PEOPLE)
def rights_remind(*, organization_id: UUID, request_id: UUID, user_id: UUID) -> None:
    """Write to one who may decide that a request waits for it."""
    with tenancy.scope(organization_id):
        to = find_holder_address(Permission.RIGHTS_MANAGE, user_id=user_id)
        request = RightsRequest.objects.filter(pk=request_id).first()
        clinic = Organization.objects.get(pk=organization_id)
    if to is None or request is None or request.checkpoint != Checkpoint.RECEIVED:
        return
    today = utc_now().astimezone(ZoneInfo(clinic.timezone)).date()
    send_letter(
        "rights_reminder",
        to=to,
        clinic=clinic.name,
        kind=KINDS[request.kind],
        due_on=request.due_on,
        days=(request.due_on - today).days,
        request_id=request_id,
    )


@job("compliance.rights_tell_officer", gives_up=False, sends=_TO_US)
def rights_tell_officer(*, organization_id: UUID, request_id: UUID) -> None:
    """Write to our data protection officer that a clinic is silent or a step stuck."""
    to = settings.DPO_MAIL or settings.SECURITY_MAIL
    with tenancy.scope(organization_id):
        request = RightsRequest.objects.filter(pk=request_id).first()
        clinic = Organization.objects.get(pk=organization_id)
    if request is None or request.concluded_at is not None:
        return
    if not to:
        logger.critical(
            "nobody is told of a late request: set DPO_MAIL or SECURITY_MAIL",
            extra={"id": str(request_id)},
        )
        return
    send_letter(
        "rights_officer",
        to=to,
        clinic=clinic.name,
        request_id=request_id,
        kind=KINDS[request.kind],
        at=CHECKPOINTS[request.checkpoint],
        is_silent=request.checkpoint == Checkpoint.RECEIVED,
        due_on=request.due_on,
        moved_at=request.moved_at,
    )


@job("compliance.rights_tell_extension", gives_up=False, sends=_TO_ASKER)
def rights_tell_extension(*, organization_id: UUID, request_id: UUID) -> None:
    """Write to the person that the answer takes longer, and why."""
    with tenancy.scope(organization_id):
        request = RightsRequest.objects.filter(pk=request_id).first()
        if request is None or request.concluded_at is not None:
            return
        to = open_column(request, "email_sealed")
        reason = open_column(request, "extension_sealed")
        clinic = Organization.objects.get(pk=organization_id)
    if to:
        send_letter(
            "rights_extended",
            to=to,
            clinic=clinic.name,
            kind=KINDS[request.kind],
            due_on=request.due_on,
            reason=reason,
        )
