"""Who has seen the calls of one caller, from the record.

Calls in the bin count too: who puts one there has not undone a look at it. They are
neither named nor led to.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.keys.keys import keys
from compliance.ledger.kinds import KINDS
from compliance.ledger.models import AuditLog
from compliance.ledger.selectors import RecordLine, before, shape_record
from compliance.rights.selectors.looks import (
    looks_at_forgotten,
    looks_at_requests,
    takings_since,
)
from telephony.errors import CallNotFoundError
from telephony.messages.models import Message
from telephony.models import Call
from telephony.phone_numbers import to_e164
from telephony.scheduling.models import Appointment
from telephony.selectors.limits import within_limits

SHOWN: Final = 500
_LOOK: Final = KINDS["looks"][1]
_LIST: Final = (
    Q(action__startswith="telephony.")
    | Q(action__startswith="scheduling.")
    | Q(action__startswith="messages.")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerLooks:
    """What the record says of one caller's calls.

    Attributes:
        calls: How many calls of the caller the reader may see, those in the bin too.
        first_at: When the first of them began.
        named_by: The call that the caller is named by: the one asked for, else the
            newest; None if all are in the bin.
        open_ids: The calls that have a page.
        lines: Looks at one of them, its messages and appointments, or what the caller
            asked about their data; all of the clinic's data taken along; newest first.
        older: The last line's id where there are older ones, else None.
        lists: Looks at pages that name many callers, since the first call; the record
            does not say whom they named.
    """

    calls: int
    first_at: datetime
    named_by: Call | None
    open_ids: frozenset[UUID]
    lines: list[RecordLine]
    older: UUID | None
    lists: int
    forgotten: int


def find_call_of(*, actor: Actor, number: str, country: str) -> Call | None:
    """Return the newest call from a number, by its blind index; one that has a page.

    Where all are in the bin it is the newest of those.

    Args:
        actor: Who asks.
        number: As somebody writes it.
        country: The clinic's, for numbers written without one.

    Raises:
        PermissionMissingError: If the actor may not see the record, or no callers.
    """
    actor.require(Permission.ACCESS_VIEW)
    actor.require(Permission.CALLERS_REVEAL)
    whole = to_e164(number, like=country)
    if not whole:
        return None
    index = keys().index(actor.organization_id, kind="phone", value=whole)
    calls = Call.with_deleted.filter(within_limits(actor), caller_index=index)
    is_open = F("deleted_at").desc(nulls_first=True)
    return calls.order_by(is_open, "-started_at", "-id").first()


def get_looked_at(*, actor: Actor, call_id: UUID) -> Call:
    """Return one call of the clinic, though it be in the bin.

    Raises:
        CallNotFoundError: If there is none, it is another clinic's, or it lies beyond
            the actor's limits.
        PermissionMissingError: If it is theirs but the actor may not see the record.
    """
    call = Call.with_deleted.filter(within_limits(actor), pk=call_id).first()
    if call is None:
        raise CallNotFoundError
    actor.require(Permission.ACCESS_VIEW)
    return call


def read_caller_looks(
    *, actor: Actor, call: Call, older_than: UUID | None = None
) -> CallerLooks:
    """Return the looks at all calls of whoever made this one, at most `SHOWN`.

    Of a withheld number there is this one call alone.

    Args:
        actor: Who asks.
        call: One that they may see.
        older_than: The line after which to go on.

    Raises:
        PermissionMissingError: If the actor may not see the record.
    """
    actor.require(Permission.ACCESS_VIEW)
    calls = _calls_of(actor, call).order_by("started_at", "id")
    began = dict(calls.values_list("id", "started_at"))
    shown = {one.id: one for one in calls.filter(deleted_at=None)}
    first_at = min(began.values())
    looks = AuditLog.objects.filter(_LOOK, at__gte=first_at)
    theirs = looks.filter(_about(actor, call, list(began)) | takings_since(first_at))
    newest = before(theirs.order_by("-at", "-id"), older_than)
    lines = shape_record(newest[: SHOWN + 1])
    # Whoever is limited sees no requests: those are of the whole clinic.
    of_nobody = (
        looks.filter(looks_at_forgotten()) if actor.limits is None else looks.none()
    )
    return CallerLooks(
        calls=len(began),
        first_at=first_at,
        named_by=shown.get(call.id) or next(reversed(shown.values()), None),
        open_ids=frozenset(shown),
        lines=lines[:SHOWN],
        older=lines[SHOWN - 1].id if len(lines) > SHOWN else None,
        lists=looks.filter(_LIST, subject_id=None).count(),
        forgotten=of_nobody.count(),
    )


def _about(actor: Actor, call: Call, ids: list[UUID]) -> Q:
    """Return what matches rows about these calls, what they left, and the requests."""
    left = Message.with_deleted.filter(call__in=ids).values_list("id", flat=True)
    booked = Appointment.with_deleted.filter(call__in=ids).values_list("id", flat=True)
    about = Q(subject_id__in=[*ids, *left, *booked])
    if actor.limits is None:
        about |= looks_at_requests(_index_of(call))
    return about


def _calls_of(actor: Actor, call: Call) -> QuerySet[Call]:
    mine = Call.with_deleted.filter(within_limits(actor))
    index = _index_of(call)
    return mine.filter(caller_index=index) if index else mine.filter(pk=call.id)


def _index_of(call: Call) -> bytes:
    """Return what finds other calls of the caller; nothing if it finds others' too."""
    withheld = keys().index(call.organization_id, kind="phone", value="")
    # No index is left of erased callers: theirs are not one caller's calls either.
    index = bytes(call.caller_index)
    return b"" if index == withheld else index
