"""The jobs of copies."""

from typing import Final
from uuid import UUID

from compliance.copies.services import erase_copy as erasing
from compliance.copies.services import settle_run as settling
from compliance.copies.services.warn_of_stuck_copy import warn_of_stuck_copy as warn
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.jobs import job
from sondervoice.kernel.purposes import Purpose, Sending, Subject

_ERASING: Final = Sending(to=("carrier",), of=Subject.CALLERS, purpose=Purpose.ERASURE)
_TO_US: Final = Sending(to=("mail",), of=Subject.OPERATORS, purpose=Purpose.OUR_DUTIES)


@job(
    "compliance.erase_copy",
    gives_up=False,
    is_slow=True,
    longest_wait_s=erasing.DAY_S,
    sends=_ERASING,
)
def erase_copy(*, organization_id: UUID, leg_id: UUID) -> None:
    """Have one copy deleted where it is."""
    erasing.erase_copy(organization_id=organization_id, leg_id=leg_id, now=utc_now())


@job("compliance.settle_run", gives_up=False)
def settle_run(*, organization_id: UUID, run_id: UUID) -> None:
    """Look how far the copies of a finished run are."""
    with tenancy.scope(organization_id):
        settling.settle_run(run_id=run_id, now=utc_now())


@job("compliance.warn_of_stuck_copy", sends=_TO_US)
def warn_of_stuck_copy(*, organization_id: UUID, run_id: UUID) -> None:
    """Tell who is responsible that a copy is not gone."""
    warn(organization_id=organization_id, run_id=run_id)
