"""The jobs of recordings: each loads nothing and calls one service."""

from typing import Final
from uuid import UUID

from celery import shared_task

from recordings.services import find_left_spools as finding
from recordings.services import store_recording as storing
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject

_STORING: Final = Sending(
    to=("storage",), of=Subject.CALLERS, purpose=Purpose.RECORDING
)


@job("recordings.store_recording", gives_up=False, sends=_STORING)
def store_recording(*, organization_id: UUID, call_id: UUID) -> None:
    """Store the sound of an ended call."""
    storing.store_recording(
        organization_id=organization_id, call_id=call_id, now=utc_now()
    )


@shared_task(name="recordings.find_left_spools", ignore_result=True)
def find_left_spools() -> None:
    """Have the sound stored that came after its call had ended."""
    finding.find_left_spools(now=utc_now())
