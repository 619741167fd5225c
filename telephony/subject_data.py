"""What telephony hands out: calls as they were, without what another person left."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.models import Organization
from compliance.keys.call_sealer import CallSealer
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import DataClass, OfCaller
from sondervoice.kernel.subject_data import Name, SubjectItem, Wanted
from sondervoice.kernel.subject_pages import in_pages
from telephony.models import Call
from telephony.reception.models import Agent
from telephony.sealed import TABLE, caller_e164, caller_name
from telephony.selectors.callers import find_sealer

TEXT: Final = {"type": "string"}
MAYBE: Final = {"type": ["string", "null"]}
WHEN: Final = {"type": ["string", "null"], "format": "date-time"}
YES_NO: Final = {"type": ["boolean", "null"]}
# As a reader calls them.
_CLASSES: Final[Mapping[DataClass, str]] = MappingProxyType(
    {
        DataClass.AUDIO: "recording",
        DataClass.TRANSCRIPT: "transcript",
        DataClass.FIELDS: "names_and_messages",
        DataClass.METADATA: "number",
    }
)
_KEPT: Final = {
    "type": "object",
    "properties": dict.fromkeys(_CLASSES.values(), WHEN),
    "required": sorted(_CLASSES.values()),
    "additionalProperties": False,
}


def calls_wanted(wanted: Wanted) -> Q:
    """Return what matches the calls that are wanted."""
    if isinstance(wanted, OfCaller):
        return Q(caller_index=wanted.index, started_at__lt=wanted.before)
    return Q()


def when(at: datetime | None) -> str | None:
    """Return an instant as JSON has it."""
    return None if at is None else at.isoformat()


def clinic_zone(organization_id: UUID) -> ZoneInfo:
    """Return the clinic's time zone."""
    with tenancy.scope(organization_id):
        return ZoneInfo(Organization.objects.get(pk=organization_id).timezone)


def day_of(at: datetime, zone: ZoneInfo) -> str:
    """Return an instant for a reader, on the clinic's clock."""
    return f"{at.astimezone(zone):%-d %B %Y, %H:%M}"


class Calls:
    """Calls: when, from which number, what the caller was told and answered."""

    name = "calls"
    title = "Calls"
    is_of_callers = True
    processors: tuple[str, ...] = ("Telnyx, telephone carrier",)
    schema: Mapping[str, Mapping[str, Any]] = {
        "began_at": WHEN,
        "answered_at": WHEN,
        "ended_at": WHEN,
        "from_number": MAYBE,
        "to_number": TEXT,
        "name_given": MAYBE,
        "language": TEXT,
        "outcome": TEXT,
        "was_recorded": YES_NO,
        "notice": {"type": "array", "items": TEXT},
        "notice_heard_at": WHEN,
        "consent_asked_at": WHEN,
        "consent_answered_at": WHEN,
        "consent_given": YES_NO,
        "consent_method": TEXT,
        "kept_until": _KEPT,
    }

    def count(self, wanted: Wanted) -> int:
        """Return how many calls there are."""
        return calls(wanted).count()

    def export(self, wanted: Wanted, *, organization_id: UUID) -> Iterator[SubjectItem]:
        """Yield the calls, opened."""
        zone = clinic_zone(organization_id)
        return in_pages(
            lambda: calls(wanted).select_related("number"),
            lambda call: _shape(call, zone),
            organization_id=organization_id,
        )


def calls(wanted: Wanted) -> QuerySet[Call]:
    """Return the calls that are wanted; of a caller those in the bin are kept too."""
    kept = Call.with_deleted if isinstance(wanted, OfCaller) else Call.objects
    return kept.filter(calls_wanted(wanted))


def _shape(call: Call, zone: ZoneInfo) -> SubjectItem:
    sealer = find_sealer(call)
    notice = call.capture.get("notice", {}).get(call.disclosure_language, [])
    return SubjectItem(
        id=call.id,
        title=f"Call of {day_of(call.started_at, zone)}",
        values={
            "began_at": when(call.started_at),
            "answered_at": when(call.answered_at),
            "ended_at": when(call.ended_at),
            "from_number": (caller_e164(call, sealer) or None) if sealer else None,
            "to_number": call.number.e164,
            "name_given": (caller_name(call, sealer) or None) if sealer else None,
            "language": call.language,
            "outcome": call.outcome,
            "was_recorded": call.first_captured_at is not None,
            "notice": list(notice) if call.disclosure_spoken_at else [],
            "notice_heard_at": when(call.disclosure_heard_at),
            "consent_asked_at": when(call.consent_asked_at),
            "consent_answered_at": when(call.consent_answered_at),
            "consent_given": call.consent_answer,
            "consent_method": call.consent_method,
            "kept_until": {
                word: when(getattr(call, f"{kind}_erase_after"))
                for kind, word in _CLASSES.items()
            },
        },
    )


class CallerNames:
    """The names that callers gave, as they were heard."""

    name = "telephony.caller_name"

    def list_names(self, wanted: OfCaller) -> Sequence[Name]:
        """Return the names of the caller's calls, newest first."""
        named = calls(wanted).filter(caller_name_sealed__isnull=False)
        rows = list(named.order_by("-started_at", "-id"))
        if not rows:
            return []
        zone = clinic_zone(rows[0].organization_id)
        return [
            Name(
                keeper=self.name,
                id=call.id,
                label=f"Call of {day_of(call.started_at, zone)}",
                text=caller_name(call, sealer),
            )
            for call in rows
            if (sealer := find_sealer(call)) is not None
        ]

    def correct(
        self, item_id: UUID, *, wanted: OfCaller, text: str, now: datetime
    ) -> bool:
        """Seal another name in its place."""
        locked = calls(wanted).select_for_update(no_key=True)
        call = locked.filter(pk=item_id, caller_name_sealed__isnull=False).first()
        sealer = find_sealer(call) if call else None
        if call is None or sealer is None:
            return False
        call.caller_name_sealed = _seal(call, sealer, text)
        call.save(update_fields=["caller_name_sealed"])
        return True


def _seal(call: Call, sealer: CallSealer, text: str) -> bytes:
    return sealer.seal(text, table=TABLE, column="caller_name_sealed", row_id=call.id)


class Receptionists:
    """The clinic's receptionists, as they answer."""

    name = "receptionists"
    title = "Receptionists"
    is_of_callers = False
    processors: tuple[str, ...] = ()
    schema: Mapping[str, Mapping[str, Any]] = {
        "name": TEXT,
        "is_answering": {"type": "boolean"},
        "made_at": WHEN,
        "versions": {"type": "integer"},
    }

    def count(self, wanted: Wanted) -> int:
        """Return how many there are; none is a caller's."""
        return _agents(wanted).count()

    def export(self, wanted: Wanted, *, organization_id: UUID) -> Iterator[SubjectItem]:
        """Yield them."""
        return in_pages(
            lambda: _agents(wanted), _shape_agent, organization_id=organization_id
        )


def _agents(wanted: Wanted) -> QuerySet[Agent]:
    rows = Agent.objects.all()
    return rows.none() if isinstance(wanted, OfCaller) else rows


def _shape_agent(agent: Agent) -> SubjectItem:
    return SubjectItem(
        id=agent.id,
        title=agent.name,
        values={
            "name": agent.name,
            "is_answering": agent.is_answering,
            "made_at": when(agent.created_at),
            "versions": agent.versions.count(),
        },
    )
