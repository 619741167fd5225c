"""What is kept of one person, gathered from every app: values now, sound when sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from accounts.actors import Actor
from accounts.models import Membership, Organization
from compliance.ledger.kinds import KINDS
from compliance.ledger.models import AuditLog
from compliance.ledger.words import words_for
from compliance.rights.models import RightsRequest
from compliance.rights.package.mark import Mark, find_mark
from compliance.rights.sealed import open_column
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
        looks: Who looked at them, by role: when, who, what they did.
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
            looks=_looks(ids),
            processors=_processors(sections),
            mark=find_mark(organization_id, by, now=now),
        )


def _processors(sections: list[Section]) -> list[str]:
    used = {one for section in sections for one in section.holder.processors}
    return sorted(used)


def _looks(ids: list[Any]) -> list[dict[str, str]]:
    """Return who looked at these things: roles, not names, the oldest first."""
    rows = list(AuditLog.objects.filter(_LOOK, subject_id__in=ids).order_by("at", "id"))
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
