"""What is kept of one person, gathered from every app: values now, sound when sent."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from accounts.actors import Actor
from accounts.models import Membership, Organization
from compliance.ledger.kinds import KINDS
from compliance.ledger.models import AuditLog
from compliance.ledger.words import words_for
from compliance.rights.models import RightsRequest
from compliance.rights.package.mark import Mark, find_mark
from compliance.rights.sealed import open_column
from compliance.rights.selectors.looks import (
    ALL_TAKEN,
    looks_at_requests,
    takings_since,
)
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import OfCaller
from sondervoice.kernel.subject_data import (
    SubjectFile,
    SubjectHolder,
    SubjectItem,
    subject_holders,
)

_LOOK: Final = KINDS["looks"][1]
# An actor who is no member: what they are instead of a role.
_KINDS: Final = {
    "user": "somebody who has left",
    "operator": "SonderVoice",
    "api_key": "a program of the clinic",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """All things of one kind."""

    holder: SubjectHolder
    items: list[SubjectItem]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """One person's things at one clinic.

    Attributes:
        looks: Who looked at them or at their requests, or took all of the clinic's data
            along, by role: when, who, what they did.
        processors: Firms beside us that take part in keeping them.
        mark: Who takes this copy, in HIPAA mode.
    """

    clinic: str
    timezone: str
    phone: str
    made_at: datetime
    sections: list[Section]
    looks: list[dict[str, str]]
    processors: list[str]
    mark: Mark | None = None

    @property
    def files(self) -> list[SubjectFile]:
        """Return the sound of all calls."""
        items = (item for section in self.sections for item in section.items)
        return [file for item in items for file in item.files]

    @property
    def count(self) -> int:
        """Return how many things there are."""
        return sum(len(section.items) for section in self.sections)


def gather(
    request: RightsRequest, *, now: datetime, by: Actor | None = None
) -> Contents:
    """Return what there is of the person now; opens scopes of its own.

    Args:
        by: Who hands it out; None for the person alone.
    """
    organization_id = request.organization_id
    wanted = OfCaller(bytes(request.phone_index), before=now)
    # What no words are kept of has a heading all the same: nothing is an answer too.
    sections = [
        Section(
            holder=holder,
            items=list(holder.export(wanted, organization_id=organization_id)),
        )
        for holder in subject_holders()
        if holder.is_of_callers
    ]
    with tenancy.scope(organization_id):
        clinic = Organization.objects.get(pk=organization_id)
        ids = [item.id for section in sections for item in section.items]
        return Contents(
            clinic=clinic.name,
            timezone=clinic.timezone,
            phone=open_column(request, "phone_sealed"),
            made_at=now,
            sections=sections,
            looks=_looks(ids, wanted),
            processors=_processors(sections),
            mark=find_mark(organization_id, by, now=now),
        )


def _processors(sections: list[Section]) -> list[str]:
    used = {one for section in sections for one in section.holder.processors}
    return sorted(used)


def _looks(ids: list[Any], wanted: OfCaller) -> list[dict[str, str]]:
    """Return who looked at these things: roles, not names, the oldest first.

    With what was done with the person's requests, and each time that all of the
    clinic's data was taken along while something of theirs was in it.
    """
    about = Q(subject_id__in=ids) | looks_at_requests(wanted.index)
    first = _first_taking(wanted)
    if first is not None:
        about |= takings_since(first)
    rows = list(AuditLog.objects.filter(_LOOK & about).order_by("at", "id"))
    members = Membership.objects.filter(user_id__in={row.actor_id for row in rows})
    roles: dict[UUID | None, str] = dict(members.values_list("user_id", "role"))
    return [
        {
            "at": row.at.isoformat(),
            "by": str(roles.get(row.actor_id) or _KINDS.get(row.actor_kind, "we")),
            "did": words_for(row),
        }
        for row in rows
    ]


def _first_taking(wanted: OfCaller) -> datetime | None:
    """Return when all data was taken along first with something of the person in it."""
    takings = AuditLog.objects.filter(action=ALL_TAKEN, at__lt=wanted.before)
    times = list(takings.order_by("at").values_list("at", flat=True))

    def held(at: datetime) -> int:
        then = replace(wanted, before=at)
        holders = (one for one in subject_holders() if one.is_of_callers)
        return int(any(one.count(then) for one in holders))

    # What was there once is there from then on: some ten questions, however many times.
    place = bisect_left(times, 1, key=held)
    return times[place] if place < len(times) else None
