"""The clock of retention, and its jobs."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from celery import shared_task
from django.db import transaction

from accounts.way_in import organization_ids
from compliance.alerts.services.forget_notes import forget_old_notes
from compliance.retention.services import change_retention as changing
from compliance.retention.services import destroy_words_key as destroying
from compliance.retention.services import purge as purging
from compliance.retention.services import shorten_dates as shortening
from compliance.retention.services import watch_holds as reminding
from compliance.retention.services.forget_holds import forget_old_holds
from compliance.retention.services.start_runs import ask_purge, start_runs
from compliance.retention.services.watch_holds import watch_holds
from compliance.retention.services.watch_runs import warn_of_missed_purge as warn
from compliance.retention.services.watch_runs import watch_runs
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject
from sondervoice.kernel.slots import claim_slot, finish_slot, latest_slot

_TO_PEOPLE: Final = Sending(to=("mail",), of=Subject.STAFF, purpose=Purpose.ERASURE)
_TO_US: Final = Sending(to=("mail",), of=Subject.OPERATORS, purpose=Purpose.SECURITY)

_JOB: Final = "compliance.purge"
_LEASE: Final = timedelta(minutes=5)
# UTC; the same for every clinic.
HOUR: Final = 3
_HOLDS: Final = "compliance.watch_holds"
# UTC: within the working day of Europe, the early morning of America.
LETTERS_HOUR: Final = 12
# For a row that another worker holds, or a call that goes on.
_WAIT_S: Final = 5.0


@shared_task(name=_JOB, ignore_result=True)
def purge() -> None:
    """Begin the night's purge once, whoever comes first; say so when it is late.

    The clock asks at 03:00 and every ten minutes: who died is stood in for.
    """
    now = utc_now()
    due_at = latest_slot(now, hour=HOUR)
    try:
        if claim_slot(_JOB, due_at, now=now, lease=_LEASE):
            with transaction.atomic():
                start_runs(due_at=due_at, now=now)
                finish_slot(_JOB, due_at, now=now)
    finally:
        # Of runs that could not even be begun, too.
        watch_runs(due_at=due_at, now=now)


@shared_task(name=_HOLDS, ignore_result=True)
def holds() -> None:
    """Look once a day at holds, whoever comes first.

    Who decides is reminded of those to be looked at again; released ones forget, and
    so do alerts what was noted of them.
    """
    now = utc_now()
    due_at = latest_slot(now, hour=LETTERS_HOUR)
    if claim_slot(_HOLDS, due_at, now=now, lease=_LEASE):
        with transaction.atomic():
            for organization_id in organization_ids():
                watch_holds(organization_id=organization_id, due_at=due_at)
                forget_old_holds(organization_id=organization_id, now=now)
                forget_old_notes(organization_id=organization_id, now=now)
            finish_slot(_HOLDS, due_at, now=now)


@job("compliance.remind_of_holds", gives_up=False, sends=_TO_PEOPLE)
def remind_of_holds(*, organization_id: UUID, user_id: UUID) -> None:
    """Write to one who may renew or release holds."""
    reminding.remind_of_holds(
        organization_id=organization_id, user_id=user_id, now=utc_now()
    )


@job("compliance.destroy_words_key", gives_up=False)
def destroy_words_key(*, organization_id: UUID, key_id: UUID) -> None:
    """Destroy the key of words that were forgotten; they are emptied already."""
    destroying.destroy_words_key(
        organization_id=organization_id, key_id=key_id, now=utc_now()
    )


@job("compliance.purge_clinic", gives_up=False)
def purge_clinic(*, organization_id: UUID, run_id: UUID) -> None:
    """Erase what is due in one clinic; ask again while there is more."""
    progress = purging.purge(
        organization_id=organization_id, run_id=run_id, now=utc_now()
    )
    if progress is not purging.Progress.FINISHED:
        waits = progress is purging.Progress.WAITS
        with tenancy.scope(organization_id):
            ask_purge(
                organization_id=organization_id,
                run_id=run_id,
                delay_s=_WAIT_S if waits else 0,
            )


@job("compliance.shorten_dates", gives_up=False)
def shorten_dates(*, organization_id: UUID) -> None:
    """Bring the dates of what exists forward."""
    shortening.shorten_dates(organization_id=organization_id)


@job("compliance.fit_days_to_plan", gives_up=False)
def fit_days_to_plan(*, organization_id: UUID) -> None:
    """Bring the clinic's days down to what its plan has."""
    changing.fit_days_to_plan(organization_id=organization_id, now=utc_now())


@job("compliance.warn_of_missed_purge", gives_up=False, sends=_TO_US)
def warn_of_missed_purge(*, organization_id: UUID | None) -> None:
    """Tell SECURITY_MAIL that a purge is late."""
    warn(due_at=latest_slot(utc_now(), hour=HOUR))
