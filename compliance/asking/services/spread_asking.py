"""Ask each clinic, in a job and a scope of its own, whether it knows the person.

Next: the clinic's own request, by whoever installed the desk (`kernel.rights`).
"""

from datetime import datetime
from uuid import UUID

from accounts.way_in import organization_ids
from compliance.asking import record
from compliance.asking.contact import open_contact, proven_person
from compliance.asking.models import AskedClinic, Asking
from compliance.asking.services.prove import find_asking_for_update
from compliance.asking.way_in import asking_desk
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import after_commit, job_row
from sondervoice.kernel.models import OutboxJob
from sondervoice.kernel.rights import RightsKind, open_request

Status = AskedClinic.Status


def spread_asking(*, asking_id: UUID, now: datetime) -> None:
    """Write one job for each clinic; twice is harmless.

    A clinic that did not know the person is asked again: they may have proven more
    since. The jobs are no clinic's, so an unknown person leaves nothing at any.
    """
    with asking_desk():
        asking = find_asking_for_update(asking_id)
        if asking is None or not asking.is_proven:
            return
        AskedClinic.objects.bulk_create(
            [AskedClinic(asking=asking, clinic_id=one) for one in organization_ids()],
            ignore_conflicts=True,
        )
        asking.clinics.filter(status=Status.UNKNOWN).update(status=Status.WAITING)
        waiting = asking.clinics.filter(status=Status.WAITING)
        OutboxJob.objects.bulk_create(
            job_row(
                "compliance.ask_clinic",
                organization_id=None,
                ids={"asked_id": one},
                now=now,
            )
            for one in waiting.values_list("pk", flat=True)
        )
        asking.settled_at = asking.finished_at = None
        asking.save(update_fields=["settled_at", "finished_at"])
        _settle(asking, now)


def ask_clinic(*, asked_id: UUID, now: datetime) -> None:
    """Open the clinic's own request if it knows the person; twice is harmless.

    Raises:
        RequestDeskMissingError: If nobody keeps the clinics' requests.
    """
    with asking_desk():
        asked = (
            AskedClinic.objects.select_related("asking")
            .filter(pk=asked_id, status=Status.WAITING)
            .first()
        )
        if asked is None:
            return
        asking = asked.asking
        person, words = proven_person(asking), open_contact(asking).words
    with tenancy.scope(asked.clinic_id):
        request_id = open_request(
            organization_id=asked.clinic_id,
            asking_id=asking.id,
            kind=RightsKind(asking.kind),
            person=person,
            words=words,
            now=now,
        )
    with asking_desk():
        locked = find_asking_for_update(asking.id)
        if locked is None:
            return
        # One that has answered meanwhile stays answered.
        locked.clinics.filter(pk=asked_id, status=Status.WAITING).update(
            status=Status.OPEN if request_id else Status.UNKNOWN, request_id=request_id
        )
        _settle(locked, now)


def finish_if_answered(*, asking: Asking, now: datetime) -> None:
    """Say that nothing more is to come, once that is so.

    Args:
        asking: Locked.
    """
    is_open = asking.clinics.filter(status__in=(Status.WAITING, Status.OPEN)).exists()
    if not is_open and asking.finished_at is None:
        asking.finished_at = now
        asking.save(update_fields=["finished_at"])


def _settle(asking: Asking, now: datetime) -> None:
    """Write down, once, that each clinic has said whether it knows the person."""
    if (
        asking.settled_at is not None
        or asking.clinics.filter(status=Status.WAITING).exists()
    ):
        return
    asking.settled_at = now
    asking.save(update_fields=["settled_at"])
    known = asking.clinics.exclude(status=Status.UNKNOWN).count()
    record.settled(asking.id, clinics=asking.clinics.count(), known=known)
    finish_if_answered(asking=asking, now=now)
    if not known:
        after_commit(
            "compliance.send_asking_nothing",
            organization_id=None,
            ids={"asking_id": asking.id},
        )
