"""The clock of the registration, and its job."""

from typing import Final
from uuid import UUID

from celery import shared_task

from compliance.purposes.services import watch_registration as watching
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject

_TO_US: Final = Sending(to=("mail",), of=Subject.OPERATORS, purpose=Purpose.OUR_DUTIES)


@shared_task(name="compliance.watch_registration", ignore_result=True)
def watch_registration() -> None:
    """Look once a day how long the registration is still good."""
    watching.watch_registration(now=utc_now())


@job("compliance.warn_of_registration", sends=_TO_US)
def warn_of_registration(*, organization_id: UUID | None) -> None:
    """Tell who answers for data protection that the registration runs out."""
    watching.warn_of_registration(now=utc_now())
