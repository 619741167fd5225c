"""Put a closing on the list of erasures: its dates, and ids of people who were let go.

A backup from before brings the clinic back as if nobody had ever asked to close it. By
the list a restore knows what was confirmed and how far it was.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID, uuid5

from compliance.backups.erasure_list import Erasure
from compliance.backups.services.put_on_list import put_on_list
from compliance.closing.closing_dates import ClosingDates
from compliance.closing.models import Closing

Step = Closing.Step

# What is listed, by the step that is reached when it counts as done.
NAMES: Final[Mapping[Step, str]] = MappingProxyType(
    {Step.ERASED: "closing.rows", Step.PEOPLE_LET_GO: "closing.people"}
)
_REACHED: Final = (
    "calls_off_at", "erasing_at", "erased_at", "keys_destroyed_at", "people_let_go_at",
)  # fmt: skip
INSTANTS: Final = (*ClosingDates.__dataclass_fields__, *_REACHED)


def list_closing(closing: Closing, ids: Sequence[UUID], *, now: datetime) -> None:
    """List what a step erased; call it when the step is reached, before its commit.

    Args:
        closing: As it is saved; once more is harmless.

    Raises:
        OSError: If it cannot be written: the step is not reached then.
    """
    name = NAMES[Step(closing.step)]
    dates = {"closing": str(closing.pk), "asked_by": str(closing.asked_by)}
    for field in INSTANTS:
        if (at := getattr(closing, field)) is not None:
            dates[field] = at.isoformat()
    put_on_list(
        Erasure(
            batch_id=uuid5(closing.pk, name),
            organization_id=closing.organization_id,
            holder=name,
            ids=ids,
            erased_at=now,
            dates=dates,
        )
    )
