"""Close the account of a clinic again that a restore brought back.

It runs as the owner of the tables, while the database is closed to the product, by what
the list of erasures says. The closing stands where it stood; the clock takes it on from
there once the database is open, to its second look and to the end of billing.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from accounts.joining.selectors.forgotten import is_forgotten
from accounts.joining.services.forget_person import forget_again
from accounts.models import Organization
from compliance.backups.erasure_list import Erasure
from compliance.closing.models import Closing
from compliance.closing.registry import end_rows
from compliance.closing.services.clinic_rows import (
    count_rows,
    delete_rows,
    forget_jobs,
)
from compliance.closing.services.doors import shut_doors
from compliance.closing.services.list_closing import INSTANTS
from compliance.closing.services.rename import NAME, rename_to_nobody
from compliance.keys.keys import keys
from sondervoice.kernel import tenancy
from sondervoice.kernel.clinic_rows import Leaves

Step = Closing.Step

_ORDER: Final = [Step.GRACE, Step.CALLS_OFF, Step.ERASING, Step.ERASED,
                 Step.KEYS_DESTROYED, Step.PEOPLE_LET_GO, Step.CLOSED,
                 Step.BILLING_PURGED]  # fmt: skip
# A clinic's doors are ended last: while a legal hold stands, owners would stay.
_BEFORE_PEOPLE: Final = (Leaves.WITH_THE_DATA, Leaves.WITH_THE_DOORS)


class RowsAgain:
    """Deletes a clinic's own rows again, and shuts the ways in."""

    def erase(self, erasure: Erasure) -> int:
        """Do it; return 1 if there were any rows."""
        return int(_delete_again(erasure, Step.ERASED))

    def remains(self, erasure: Erasure) -> bool:
        """Return whether a row is there."""
        return bool(count_rows(erasure.clinic_id, *_BEFORE_PEOPLE))


class PeopleAgain:
    """Destroys a clinic's keys again, lets its people go and takes its name away."""

    def erase(self, erasure: Erasure) -> int:
        """Do it; return how many people had come back."""
        organization_id = erasure.clinic_id
        _delete_again(erasure, Step.PEOPLE_LET_GO)
        keys().destroy_all(organization_id)
        delete_rows(organization_id, Leaves.WITH_THE_PEOPLE)
        with tenancy.scope(organization_id):
            rename_to_nobody(organization_id)
        return sum(
            forget_again(user_id=one, now=erasure.erased_at) for one in erasure.ids
        )

    def remains(self, erasure: Erasure) -> bool:
        """Return whether a row, a key, the name or a person is there."""
        organization_id = erasure.clinic_id
        clinics = Organization.objects.filter(pk=organization_id)
        with tenancy.scope(organization_id):
            has_name = clinics.exclude(name=NAME).exists()
        return (
            has_name
            or bool(count_rows(organization_id, *Leaves))
            or keys().has_any(organization_id)
            or not all(map(is_forgotten, erasure.ids))
        )


def _delete_again(erasure: Erasure, step: Step) -> bool:
    """Delete rows, shut the doors, note the closing; return whether rows were there."""
    organization_id = erasure.clinic_id
    with tenancy.scope(organization_id):
        # One that began after the backup has not come back.
        if not Organization.objects.filter(pk=organization_id).exists():
            return False
    rows = sum(delete_rows(organization_id, when) for when in _BEFORE_PEOPLE)
    forget_jobs(organization_id)
    with tenancy.scope(organization_id):
        end_rows(organization_id)
        closing = _put_back(erasure, step)
        shut_doors(closing, now=erasure.erased_at)
    return rows > 0


def _put_back(erasure: Erasure, step: Step) -> Closing:
    """Have the closing stand as the list says, or further, in the open scope."""
    said = {
        name: datetime.fromisoformat(erasure.dates[name])
        for name in INSTANTS
        if name in erasure.dates
    }
    closing_id = UUID(erasure.dates["closing"])
    _undo_others(closing_id, before=said["asked_at"])
    closing, is_new = Closing.objects.get_or_create(
        pk=closing_id,
        defaults={
            "organization_id": erasure.clinic_id,
            "asked_by": UUID(erasure.dates["asked_by"]),
            "step": step,
            **said,
        },
    )
    if not is_new and _ORDER.index(Step(closing.step)) < _ORDER.index(step):
        fields = {"step": step, "is_held": False, **said}
        Closing.objects.filter(pk=closing_id).update(**fields)
        closing.refresh_from_db()
    return closing


def _undo_others(closing_id: UUID, *, before: datetime) -> None:
    """Undo a closing that stood at the backup: it was, or no other could have begun."""
    for other in Closing.objects.filter(undone_at=None).exclude(pk=closing_id):
        undone_at = min(before, other.grace_ends_at) - timedelta(microseconds=1)
        other.step, other.undone_at = Step.UNDONE, undone_at
        other.save(update_fields=["step", "undone_at"])
