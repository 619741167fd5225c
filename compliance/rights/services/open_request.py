"""Take a person's request: from the public door, or entered by staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.models import Organization
from accounts.permissions import Permission
from compliance.keys.keys import keys
from compliance.rights import record
from compliance.rights.due_dates import due_on
from compliance.rights.errors import NobodyKnownError, RequestRefusedError
from compliance.rights.models import RightsRequest
from compliance.rights.sealed import phone_index, seal_column
from compliance.rights.selectors.coverage import is_known
from compliance.rights.services.move import write_step
from compliance.rights.words import VERIFIED
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.rights import Person, RightsKind

WORDS_AT_MOST: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What staff write down of a person who asked them.

    Attributes:
        verified: A word of `VERIFIED`: how they made sure who asks.
    """

    kind: RightsKind
    person: Person
    words: str = ""
    verified: str


def open_request(
    *,
    organization_id: UUID,
    asking_id: UUID,
    kind: RightsKind,
    person: Person,
    words: str,
    now: datetime,
) -> UUID | None:
    """Open the request of somebody who proved who they are; see `kernel.rights`.

    Only a number finds anything: no address of mail is kept of a caller. A clinic that
    keeps nothing of it is left as it was, its keys too.
    """
    known = RightsRequest.objects.filter(asking_id=asking_id, kind=kind)
    if (standing := known.first()) is not None:
        return standing.id
    if not person.phone_e164:
        return None
    index = phone_index(organization_id, person.phone_e164)
    if index is None or not is_known(index, now=now):
        return None
    request = _new(organization_id, kind, person, index=index, words=words, now=now)
    request.asking_id = asking_id
    try:
        with transaction.atomic():
            _save(request, actor=None, now=now)
    except IntegrityError:
        # The same asking came twice at once; the other one stands.
        keys().destroy_row_key(organization_id=organization_id, row_id=request.id)
        return known.get().id
    return request.id


@transaction.atomic
def enter_request(*, actor: Actor, entered: Entered, now: datetime) -> RightsRequest:
    """Open the request of somebody whom staff have made sure of.

    Raises:
        PermissionMissingError: If the actor may not.
        RequestRefusedError: If it does not say how it was made sure of.
        NobodyKnownError: If nothing is kept under the number.
    """
    actor.require(Permission.RIGHTS_MANAGE)
    if entered.verified not in VERIFIED or not entered.person.phone_e164:
        raise RequestRefusedError
    index = phone_index(actor.organization_id, entered.person.phone_e164)
    if index is None or not is_known(index, now=now):
        raise NobodyKnownError
    request = _new(
        actor.organization_id,
        entered.kind,
        entered.person,
        index=index,
        words=entered.words,
        now=now,
    )
    request.source = RightsRequest.Source.STAFF
    request.verified, request.entered_by = entered.verified, actor.id
    _save(request, actor=actor, now=now)
    return request


def _new(
    organization_id: UUID,
    kind: RightsKind,
    person: Person,
    *,
    index: bytes,
    words: str,
    now: datetime,
) -> RightsRequest:
    clinic = Organization.objects.get(pk=organization_id)
    request = RightsRequest(
        id=uuid7(),
        organization=clinic,
        kind=kind,
        source=RightsRequest.Source.DOOR,
        asked_at=now,
        due_on=due_on(now.astimezone(ZoneInfo(clinic.timezone)).date()),
        moved_at=now,
        phone_index=index,
    )
    for column, text in (
        ("phone_sealed", person.phone_e164),
        ("email_sealed", person.email),
        ("words_sealed", words[:WORDS_AT_MOST]),
    ):
        sealed = seal_column(text, row=request, column=column, now=now)
        setattr(request, column, sealed)
    return request


def _save(request: RightsRequest, *, actor: Actor | None, now: datetime) -> None:
    request.save(force_insert=True)
    write_step(request, now=now, actor=actor)
    record.received(request, actor)
