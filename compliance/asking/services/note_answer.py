"""Hear that a clinic has concluded a request, and tell the person."""

from datetime import datetime
from uuid import UUID

from compliance.asking import record
from compliance.asking.models import AskedClinic
from compliance.asking.services.prove import find_asking_for_update
from compliance.asking.services.spread_asking import finish_if_answered
from compliance.asking.way_in import asking_desk
from sondervoice.kernel.jobs import after_commit

Status = AskedClinic.Status


def note_answer(
    *, clinic_id: UUID, request_id: UUID, asking_id: UUID, now: datetime
) -> None:
    """Mark it and ask for a letter; twice is harmless.

    A request that staff took down themselves has no asking, and nobody is told here.
    """
    with asking_desk():
        asking = find_asking_for_update(asking_id)
        if asking is None:
            return
        # A clinic may answer before it was written down that it knows the person.
        marked = (
            asking.clinics.filter(clinic_id=clinic_id)
            .exclude(status=Status.ANSWERED)
            .update(status=Status.ANSWERED, request_id=request_id, answered_at=now)
        )
        if not marked:
            return
        record.answered(asking.id, request_id)
        finish_if_answered(asking=asking, now=now)
        after_commit(
            "compliance.send_asking_answer",
            organization_id=None,
            ids={"asking_id": asking.id},
        )
