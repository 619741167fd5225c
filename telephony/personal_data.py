"""What telephony keeps about callers, and how it goes away."""

from collections.abc import Collection, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Greatest

from compliance.retention.rules import ended_before
from sondervoice.kernel import tenancy
from sondervoice.kernel.copies import CopyRef
from sondervoice.kernel.personal_data import (
    DATA_CLASSES,
    DataClass,
    Everything,
    Hold,
    LeftBin,
    OfCall,
    OfCaller,
    Selection,
    TimeUp,
)
from sondervoice.kernel.purposes import Basis, Purpose, Shown, Subject, Use
from sondervoice.kernel.soft_delete import has_left_bin
from telephony.call_clocks import CallClock, is_held
from telephony.call_copies import ERASED_CALL, copies_of_calls
from telephony.messages.models import Message
from telephony.models import Call, CarrierEvent, Reveal

_CALL_PAGES: Final = frozenset(
    {
        "recordings.transcript.read",
        "telephony.caller.revealed",
        "telephony.calls.listed",
        "telephony.calls.read",
        "telephony.today.viewed",
    }
)
_MESSAGE_PAGES: Final = frozenset(
    {
        "recordings.transcript.read",
        "telephony.messages.read",
        "telephony.messages.viewed",
        "telephony.today.viewed",
    }
)
_TAKEN_DOWN: Final = Use(
    title="Names and messages that callers left",
    of=Subject.CALLERS,
    purpose=Purpose.RECEPTION,
    basis=Basis.SERVICE,
    shown=(
        Shown(
            column="telephony.Call.caller_name_sealed",
            words="Names of callers",
            seen_by=_CALL_PAGES,
        ),
        *(
            Shown(column=column, words=words, seen_by=_MESSAGE_PAGES)
            for column, words in (
                ("phone_messages.Message.text_sealed", "Messages"),
                ("phone_messages.Message.name_sealed", "Names in messages"),
                ("phone_messages.Message.phone_sealed", "Numbers in messages"),
            )
        ),
    ),
)
_WHO_CALLED: Final = Use(
    title="Numbers of callers, and what the carrier told of the call",
    of=Subject.CALLERS,
    purpose=Purpose.RECEPTION,
    basis=Basis.SERVICE,
    sent_to=("carrier",),
    shown=(
        Shown(
            column="telephony.Call.caller_sealed",
            words="Numbers of callers",
            seen_by=_CALL_PAGES,
        ),
    ),
)


class TakenDown(CallClock):
    """The name a caller gave, messages, and notes on why somebody saw a caller."""

    name = "telephony.fields"
    data_class = DataClass.FIELDS
    columns = frozenset(
        {
            "telephony.Call.caller_name_sealed",
            "telephony.Call.dialogue",
            "telephony.Reveal.note_sealed",
            "phone_messages.Message.text_sealed",
            "phone_messages.Message.name_sealed",
            "phone_messages.Message.phone_sealed",
            "phone_messages.Message.phone_index",
        }
    )
    use = _TAKEN_DOWN

    emptied = MappingProxyType({"caller_name_sealed": None, "dialogue": None})

    def erase_rows(self, ids: Sequence[UUID]) -> None:
        """Delete the messages, empty the notes."""
        Message.with_deleted.filter(call__any=ids).delete()
        _notes().filter(call__any=ids).update(note_sealed=b"")

    def has_any(self) -> Q:
        """Return what matches the calls that have any of it."""
        return (
            Q(caller_name_sealed__isnull=False)
            | Q(dialogue__isnull=False)
            | Q(Exists(Message.with_deleted.filter(call=OuterRef("pk"))))
            | Q(Exists(_notes().filter(call=OuterRef("pk"))))
        )


def _notes() -> QuerySet[Reveal]:
    return Reveal.with_deleted.exclude(note_sealed=b"")


class LoneMessages:
    """Messages that go while their call stays.

    Those that somebody deleted, once they cannot return; and for a number that was left
    in them, those of calls from another one. All others go with their call.
    """

    name = "telephony.messages"
    data_class = DataClass.FIELDS
    # Those of `TakenDown`, whose clock is the call's.
    columns: frozenset[str] = frozenset()
    use = _TAKEN_DOWN

    def due(
        self, selection: Selection, *, holds: Sequence[Hold], limit: int
    ) -> Sequence[UUID]:
        """Return such messages, locked; see the Protocol."""
        old = _lone(selection, holds).order_by("restorable_until", "id")
        few = old.select_for_update(skip_locked=True, of=("self",))
        return list(few.values_list("id", flat=True)[:limit])

    def has_due(self, selection: Selection, *, holds: Sequence[Hold]) -> bool:
        """Return whether there are any, whoever holds their rows."""
        return _lone(selection, holds).exists()

    def count_due(self, selection: Selection, *, limit: int) -> int:
        """Return how many there are, held or not."""
        return _lone(selection, ())[:limit].count()

    def erase(self, ids: Sequence[UUID], *, now: datetime) -> int:
        """Delete them."""
        return Message.with_deleted.filter(id__any=ids).delete()[0]

    def destroy(self, ids: Sequence[UUID], *, organization_id: UUID) -> None:
        """Do nothing: all of it is in the database, and the key is the call's."""

    def remains(
        self, ids: Sequence[UUID], *, organization_id: UUID
    ) -> Collection[UUID]:
        """Return those that are there."""
        with tenancy.scope(organization_id):
            left = Message.with_deleted.filter(id__any=ids)
            return list(left.values_list("id", flat=True))

    def shorten(self, *, days: int, limit: int) -> int:
        """Do nothing: the bin is as long for everybody."""
        return 0

    def count_going(self, *, days: int, before: datetime, holds: Sequence[Hold]) -> int:
        """Return 0: what a clinic chooses changes nothing here."""
        return 0


def _lone(selection: Selection, holds: Sequence[Hold]) -> QuerySet[Message]:
    free = Message.with_deleted.exclude(is_held(holds, call="call__"))
    deleted = free.filter(deleted_at__isnull=False)
    match selection:
        case TimeUp(before):
            return deleted.filter(has_left_bin(before))
        case LeftBin(row_id, before):
            return deleted.filter(has_left_bin(before), id=row_id)
        case OfCaller(index, before):
            theirs = free.filter(phone_index=index, left_at__lt=before)
            return theirs.exclude(call__caller_index=index)
        case OfCall() | Everything():
            # By `TakenDown`, with their calls.
            return free.none()


_FOUND_BY_NUMBER: Final = (DataClass.AUDIO, DataClass.TRANSCRIPT, DataClass.FIELDS)


class CallRow(CallClock):
    """The caller's number, what it is found by, and what the carrier said of the call.

    It finds the rest: by the clock it goes when the days of the other three are over.

    The call itself stays as a number in the counts: when it was, how long, under which
    rule, what the caller had been told and answered.
    """

    name = "telephony.metadata"
    data_class = DataClass.METADATA
    columns = frozenset(
        {
            "telephony.Call.caller_sealed",
            "telephony.Call.caller_index",
            "telephony.Call.carrier_call_id",
            "telephony.CarrierEvent.carrier_event_id",
            "telephony.CarrierEvent.carrier_call_id",
            "telephony.CarrierEvent.payload_sealed",
        }
    )
    use = _WHO_CALLED

    emptied = MappingProxyType(
        {
            "caller_sealed": b"",
            "caller_index": b"",
            "carrier_call_id": Concat(
                Value(ERASED_CALL), Cast(F("id"), CharField()), output_field=CharField()
            ),
        }
    )

    def wanted(self, selection: Selection) -> list[Q]:
        """Return what matches them; by the clock, none before its other kinds."""
        if not isinstance(selection, TimeUp):
            return super().wanted(selection)
        by_date, by_bin = super().wanted(selection)
        for kind in _FOUND_BY_NUMBER:
            is_over = Q(**{f"{kind}_erase_after__lte": selection.before})
            by_date &= is_over | Q(**{f"{kind}_erased_at__isnull": False})
        return [by_date, by_bin]

    def count_keys_gone(self, *, erased_at: Collection[datetime]) -> int:
        """Return how many calls lost the last of their four kinds at these instants."""
        whole = {f"{kind}_erased_at__isnull": False for kind in DATA_CLASSES}
        dates = [F(f"{kind}_erased_at") for kind in DATA_CLASSES]
        gone = Call.with_deleted.filter(**whole).annotate(gone_at=Greatest(*dates))
        return gone.filter(gone_at__in=erased_at).count()

    def copies(self, ids: Sequence[UUID]) -> Sequence[CopyRef]:
        """Return where the carrier may have sound: this was the last to find it by."""
        return copies_of_calls(ids)

    def erase_rows(self, ids: Sequence[UUID]) -> None:
        """Delete the carrier's events."""
        calls = Call.with_deleted.filter(id__any=ids)
        CarrierEvent.objects.filter(
            carrier_call_id__in=calls.values("carrier_call_id")
        ).delete()

    def has_any(self) -> Q:
        """Return what matches the calls that have any of it."""
        return ~Q(
            caller_sealed=b"", caller_index=b"", carrier_call_id__startswith=ERASED_CALL
        )


class Strays:
    """What the carrier told of calls that nobody of ours took: they have no clock.

    They go after a day: no event waits longer for the call's first one, and one that
    comes after a call was erased has its number.
    """

    name = "telephony.strays"
    data_class = DataClass.METADATA
    # Those of `CallRow`, for want of a call.
    columns: frozenset[str] = frozenset()
    use = _WHO_CALLED

    def due(
        self, selection: Selection, *, holds: Sequence[Hold], limit: int
    ) -> Sequence[UUID]:
        """Return such events, locked; a hold on everything or their days keeps them."""
        old = _strays(selection, holds).order_by("received_at", "id")
        few = old.select_for_update(skip_locked=True, of=("self",))
        return list(few.values_list("id", flat=True)[:limit])

    def has_due(self, selection: Selection, *, holds: Sequence[Hold]) -> bool:
        """Return whether there are any, whoever holds their rows."""
        return _strays(selection, holds).exists()

    def count_due(self, selection: Selection, *, limit: int) -> int:
        """Return how many there are, held or not."""
        return _strays(selection, ())[:limit].count()

    def erase(self, ids: Sequence[UUID], *, now: datetime) -> int:
        """Delete them."""
        return CarrierEvent.objects.filter(id__any=ids).delete()[0]

    def destroy(self, ids: Sequence[UUID], *, organization_id: UUID) -> None:
        """Do nothing: all of it is in the database."""

    def remains(
        self, ids: Sequence[UUID], *, organization_id: UUID
    ) -> Collection[UUID]:
        """Return those that are there."""
        with tenancy.scope(organization_id):
            left = CarrierEvent.objects.filter(id__any=ids)
            return list(left.values_list("id", flat=True))

    def shorten(self, *, days: int, limit: int) -> int:
        """Do nothing: no choice is shorter."""
        return 0

    def count_going(self, *, days: int, before: datetime, holds: Sequence[Hold]) -> int:
        """Return 0: what a clinic chooses changes nothing here."""
        return 0


def _strays(selection: Selection, holds: Sequence[Hold]) -> QuerySet[CarrierEvent]:
    ours = Call.with_deleted.filter(carrier_call_id=OuterRef("carrier_call_id"))
    strays = CarrierEvent.objects.filter(~Exists(ours)).filter(_is_wanted(selection))
    for hold in holds:
        if hold.call_id is None:
            strays = strays.exclude(_within(hold))
    return strays


_STRAY_DAYS: Final = 1


def _is_wanted(selection: Selection) -> Q:
    """Return what matches them: whose they are is sealed, so nobody's are found."""
    match selection:
        case TimeUp(before):
            cutoff = ended_before(before=before, keep_days=_STRAY_DAYS)
            return Q(received_at__lt=cutoff)
        case LeftBin() | OfCaller() | OfCall():
            return Q(pk__in=[])
        case Everything():
            return Q()


def _within(hold: Hold) -> Q:
    """Return what a hold on days, a number or everything keeps of events.

    Whose they are is sealed: a hold on a number keeps all.
    """
    days = Q(pk__isnull=False)
    if hold.since is not None:
        days &= Q(received_at__gte=hold.since)
    if hold.until is not None:
        days &= Q(received_at__lt=hold.until)
    return days


_WORD: Final = "a word of our own list"
_CLINIC: Final = "the clinic's own words, said to every caller"
WITHOUT_HOLDER: Final = {
    "telephony.Location.name": _CLINIC,
    "telephony.PhoneNumber.e164": "the clinic's own number",
    "telephony.Call.carrier": _WORD,
    "telephony.Call.direction": _WORD,
    "telephony.Call.status": _WORD,
    "telephony.Call.outcome": _WORD,
    "telephony.Call.end_reason": _WORD,
    "telephony.Call.language": _WORD,
    "telephony.Call.capture": "the rules the call was answered under; proof of them",
    "telephony.Call.disclosure_language": _WORD,
    "telephony.Call.consent_method": _WORD,
    "telephony.CarrierEvent.carrier": _WORD,
    "telephony.CarrierEvent.event_type": _WORD,
    "telephony.CarrierEvent.effect": _WORD,
    "telephony.CarrierCommand.kind": _WORD,
    "telephony.CarrierCommand.words_key": _WORD,
    "telephony.CarrierCommand.effect": _WORD,
    "telephony.StreamToken.token_sha256": "hash of a random token, gone after a day",
    "telephony.Reveal.reason": _WORD,
    "telephony.ToolUse.name": _WORD,
    "telephony.ToolUse.effect": _WORD,
    "phone_messages.Message.status": _WORD,
    "reception.Agent.name": _CLINIC,
    "reception.AgentVersion.languages": _WORD,
    "reception.AgentVersion.facts": _CLINIC,
    "reception.AgentVersion.put_through_e164": "the clinic's own number",
}
