"""What a copy that leaves a clinic in HIPAA mode says of itself: whose, who, when.

A line can be cut off by whoever has the file; the row of the record cannot. So it is a
mark for honest hands, and no proof against others.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.models import Organization, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Who took a copy of which clinic's data, and when."""

    clinic: str
    by: str
    at: datetime

    @property
    def line(self) -> str:
        """Return the line that stands in the copy."""
        return (
            f"Health information kept by {self.clinic}. This copy was taken from "
            f"SonderVoice by {self.by} on {self.at.astimezone(UTC):%Y-%m-%d at %H:%M} "
            "UTC. It is not a public document: keep it locked, and pass it on only to "
            "who may have it."
        )

    def as_json(self) -> dict[str, str]:
        """Return it for a manifest."""
        return {"clinic": self.clinic, "by": self.by, "at": self.at.isoformat()}


def find_mark(
    organization_id: UUID, actor: Actor | None, *, now: datetime
) -> Mark | None:
    """Return the mark of a copy, None where the clinic is not in HIPAA mode.

    Args:
        actor: Who takes it; None for the person whose data it is.
    """
    clinic = Organization.objects.get(pk=organization_id)
    if not clinic.hipaa_mode:
        return None
    by = "the person it is about"
    if actor is not None:
        person = User.objects.get(pk=actor.id)
        by = person.full_name or person.email
    return Mark(clinic=clinic.name, by=by, at=now)
