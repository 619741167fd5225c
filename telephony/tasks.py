"""The jobs of telephony: each loads nothing and calls one service.

Next: `telephony.services.apply_event`.
"""

import threading
from functools import partial
from typing import Any, Final
from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache

from accounts.way_in import organization_ids
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject
from telephony.messages.services import note_unreached as noting
from telephony.services import (
    apply_event as applying,
)
from telephony.services import (
    mend_stream as mending,
)
from telephony.services import (
    put_through as transferring,
)
from telephony.services import (
    send_command as sending,
)
from telephony.services.clear_finished import clear_finished
from telephony.services.end_lost_calls import end_lost_calls
from telephony.way_in import organizations_with_open_calls

_CARRYING: Final = Sending(
    to=("carrier",), of=Subject.CALLERS, purpose=Purpose.RECEPTION
)


@worker_ready.connect
def connect_carrier(**_: Any) -> None:
    """Load the carrier's SDK while no caller waits for it."""
    threading.Thread(target=sending.carrier, name="carrier", daemon=True).start()


@job("telephony.apply_event")
def apply_event(*, organization_id: UUID, event_id: UUID) -> None:
    """Apply a stored carrier event."""
    applying.apply_event(
        organization_id=organization_id, event_id=event_id, now=utc_now()
    )


@job("telephony.send_command", sends=_CARRYING)
def send_command(*, organization_id: UUID, command_id: UUID) -> None:
    """Send a command to the carrier."""
    sending.send_command(
        organization_id=organization_id, command_id=command_id, now=utc_now()
    )


@job("telephony.mend_stream")
def mend_stream(*, organization_id: UUID, call_id: UUID) -> None:
    """Open a lost stream again."""
    mending.mend_stream(organization_id=organization_id, call_id=call_id, now=utc_now())


@job("telephony.check_transfer")
def check_transfer(*, organization_id: UUID, call_id: UUID) -> None:
    """Look whether anybody answered a caller who was put through."""
    transferring.check_transfer(
        organization_id=organization_id, call_id=call_id, now=utc_now()
    )


@job("telephony.note_unreached")
def note_unreached(*, organization_id: UUID, call_id: UUID) -> None:
    """Tell the staff of a caller whom nobody answered."""
    noting.note_unreached(
        organization_id=organization_id, call_id=call_id, now=utc_now()
    )


TWO_SWEEPS_S: Final = 45


@shared_task(name="telephony.end_lost_calls", ignore_result=True)
def sweep_lost_calls() -> None:
    """End what nobody holds any more, in every organization with an open call."""
    for organization_id in organizations_with_open_calls():
        end_lost_calls(
            organization_id=organization_id,
            now=utc_now(),
            is_sure=partial(_looked_lost_before, organization_id),
        )


def _looked_lost_before(organization_id: UUID, call_id: UUID) -> bool:
    """Return whether the sweep before this one found the call lost as well."""
    name = f"lost-call:{organization_id}:{call_id}"
    return not cache.add(name, value=True, timeout=TWO_SWEEPS_S)


@shared_task(name="telephony.clear_finished", ignore_result=True)
def sweep_finished() -> None:
    """Clear tokens and jobs that are long done, in every organization."""
    for organization_id in organization_ids():
        clear_finished(organization_id=organization_id, now=utc_now())
