"""What callers left for the staff, handed out with the call they left it in.

A message is also of the number that was left in it. Where another number called, its
words are somebody else's.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from compliance.keys.call_sealer import CallSealer
from sondervoice.kernel.personal_data import OfCaller
from sondervoice.kernel.subject_data import SubjectItem, Wanted
from sondervoice.kernel.subject_pages import in_pages
from telephony.messages.models import Message
from telephony.messages.sealed import message_name, message_phone, message_text
from telephony.sealed import caller_e164
from telephony.selectors.callers import find_sealer
from telephony.subject_data import MAYBE, TEXT, WHEN, clinic_zone, day_of, when


class Messages:
    """Messages of a caller, or of the clinic."""

    name = "messages"
    title = "Messages"
    is_of_callers = True
    processors: tuple[str, ...] = ()
    schema: Mapping[str, Mapping[str, Any]] = {
        "call": MAYBE,
        "left_at": WHEN,
        "name_given": MAYBE,
        "call_back_number": MAYBE,
        "text": MAYBE,
        "is_urgent": {"type": "boolean"},
        "status": TEXT,
    }

    def count(self, wanted: Wanted) -> int:
        """Return how many messages there are."""
        return _messages(wanted).count()

    def export(self, wanted: Wanted, *, organization_id: UUID) -> Iterator[SubjectItem]:
        """Yield the messages, opened."""
        zone = clinic_zone(organization_id)
        return in_pages(
            lambda: _messages(wanted).select_related("call"),
            lambda message: _shape(message, wanted, zone),
            organization_id=organization_id,
        )


def _messages(wanted: Wanted) -> QuerySet[Message]:
    if isinstance(wanted, OfCaller):
        return Message.with_deleted.filter(
            Q(call__caller_index=wanted.index, call__started_at__lt=wanted.before)
            | Q(phone_index=wanted.index, left_at__lt=wanted.before)
        )
    return Message.objects.all()


def _is_elses(message: Message, wanted: Wanted, sealer: CallSealer | None) -> bool:
    """Return whether it was left in a call that is known to be from another number."""
    if not isinstance(wanted, OfCaller):
        return False
    if bytes(message.call.caller_index) == wanted.index:
        return False
    return sealer is None or bool(caller_e164(message.call, sealer))


def _shape(message: Message, wanted: Wanted, zone: ZoneInfo) -> SubjectItem:
    sealer = find_sealer(message.call)
    is_elses = _is_elses(message, wanted, sealer)
    words = None if is_elses else sealer
    return SubjectItem(
        id=message.id,
        title=f"Message of {day_of(message.left_at, zone)}",
        values={
            "call": None if is_elses else str(message.call_id),
            "left_at": when(message.left_at),
            "name_given": (message_name(message, words) or None) if words else None,
            "call_back_number": (message_phone(message, sealer) or None)
            if sealer
            else None,
            "text": message_text(message, words) if words else None,
            "is_urgent": message.is_urgent,
            "status": message.status,
        },
    )
