"""The clock of closings, and their jobs."""

import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from celery import shared_task

from compliance.closing.models import Closing
from compliance.closing.selectors.standing import find_by_run
from compliance.closing.services import advance as advancing
from compliance.closing.services import letters
from compliance.closing.way_in import organizations_closing
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import after_commit, job
from sondervoice.kernel.purposes import Purpose, Sending, Subject

_MAIL: Final = Sending(to=("mail",), of=Subject.STAFF, purpose=Purpose.ACCOUNTS)

logger = logging.getLogger(__name__)

Step = Closing.Step


@shared_task(name="compliance.closings", ignore_result=True)
def closings() -> None:
    """Go on with each closing that has something to do; say what is late."""
    now = utc_now()
    late = sum(
        _ask(organization_id, now) for organization_id in organizations_closing()
    )
    if late:
        logger.critical("closing is late", extra={"clinics": late})


def _ask(organization_id: UUID, now: datetime) -> bool:
    """Ask for the clinic's next step; return whether it is past a promised day."""
    with tenancy.scope(organization_id):
        closing = Closing.objects.get(undone_at=None)
        if _has_work(closing, now):
            after_commit(
                "compliance.advance_closing",
                organization_id=organization_id,
                ids={"closing_id": closing.id},
            )
        return _is_late(closing, now)


def _is_late(closing: Closing, now: datetime) -> bool:
    if closing.closed_at is not None:
        return now >= closing.billing_gone_by
    is_held = closing.is_held and closing.step == Step.ERASING
    return now >= closing.personal_gone_by and not is_held


def _has_work(closing: Closing, now: datetime) -> bool:
    match Step(closing.step):
        case Step.GRACE:
            return now >= closing.reminder_at
        case Step.CLOSED:
            return now >= closing.billing_kept_until
        case _:
            return True


@job("compliance.advance_closing", gives_up=False)
def advance_closing(*, organization_id: UUID, closing_id: UUID) -> None:
    """Take all the steps that can be taken now."""
    while advancing.advance(
        organization_id=organization_id, closing_id=closing_id, now=utc_now()
    ):
        pass


@job("compliance.closing_run_finished", gives_up=False)
def closing_run_finished(*, organization_id: UUID, run_id: UUID) -> None:
    """Go on when the engine has finished the run of a closing."""
    with tenancy.scope(organization_id):
        closing_id = find_by_run(run_id)
    if closing_id is not None:
        advance_closing(organization_id=organization_id, closing_id=closing_id)


@job("compliance.send_closing_letter", gives_up=False, sends=_MAIL)
def send_closing_letter(*, organization_id: UUID, letter_id: UUID) -> None:
    """Send one letter."""
    letters.send_letter(
        organization_id=organization_id, letter_id=letter_id, now=utc_now()
    )
