"""What a clinic can delete, kind by kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Q, QuerySet

from sondervoice.kernel.personal_data import DATA_CLASSES, Hold
from telephony.call_clocks import is_held
from telephony.messages.models import Message
from telephony.models import Call
from telephony.scheduling.models import Appointment
from telephony.scheduling.personal_data import held_appointments

Rows = QuerySet[Any]


class Kind(StrEnum):
    """The word of a kind, as addresses and the record say it."""

    CALL = "call"
    MESSAGE = "message"
    APPOINTMENT = "appointment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """How one kind is deleted.

    Attributes:
        visible: Its rows that are not deleted, nor part of what is.
        everything: Its rows, deleted or not.
        call: The way from a row to its call, as ``call__``.
        in_sight: Of deleted rows, those that can be restored by themselves.
        gone: Deleted rows of which nothing is left to erase.
        held: Those that a legal hold covers.
        refusal: Why a row cannot be deleted yet, empty when it can.
    """

    visible: Callable[[], Rows]
    everything: Callable[[], Rows]
    call: str
    in_sight: Q
    gone: Q
    held: Callable[[Sequence[Hold]], Q]
    refusal: Callable[[Any, datetime], str]


def _call_refusal(call: Call, now: datetime) -> str:
    return "" if call.has_ended else "This call still goes on. Nothing was changed."


def _visit_refusal(visit: Appointment, now: datetime) -> str:
    is_over = visit.status == Appointment.Status.CANCELLED or visit.slot.ends_at <= now
    return "" if is_over else "This visit is still to come. Nothing was changed."


DRAWERS: Final[Mapping[Kind, Drawer]] = MappingProxyType(
    {
        Kind.CALL: Drawer(
            visible=Call.objects.all,
            everything=Call.with_deleted.all,
            call="",
            in_sight=Q(),
            gone=Q(**{f"{kind}_erased_at__isnull": False for kind in DATA_CLASSES}),
            held=is_held,
            refusal=_call_refusal,
        ),
        Kind.MESSAGE: Drawer(
            visible=Message.objects.all,
            everything=Message.with_deleted.all,
            call="call__",
            # One of a deleted call comes back, or goes, with it.
            in_sight=Q(call__deleted_at=None),
            gone=Q(pk__in=[]),
            held=partial(is_held, call="call__"),
            refusal=lambda row, now: "",
        ),
        Kind.APPOINTMENT: Drawer(
            visible=lambda: Appointment.objects.select_related("slot"),
            everything=Appointment.with_deleted.all,
            call="call__",
            in_sight=Q(),
            gone=Q(erased_at__isnull=False),
            held=held_appointments,
            refusal=_visit_refusal,
        ),
    }
)
