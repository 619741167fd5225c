from collections.abc import Callable
from pathlib import Path

import pytest

from compliance.certificates.models import DeletionCertificate
from compliance.tasks import seal_ledger
from sondervoice.kernel import tenancy
from sondervoice.kernel.models import OutboxJob
from telephony.models import Call
from tests.cast import NOW, Cast
from tests.fakes.processor import ScriptedProcessor
from tests.integration.compliance.copies.conftest import (
    _spools,
    cast,
    make_due,
    signed_in,
    stopped_clock,
    telnyx,
    three,
)
from tests.integration.compliance.retention.nights import run_night
from tests.integration.telephony.posts import LONG, run_all_jobs

__all__ = [
    "_spools",
    "cast",
    "make_due",
    "signed_in",
    "stopped_clock",
    "telnyx",
    "three",
]


def seal_and_certify(cast: Cast) -> None:
    """Seal the record, and try again what waited for it."""
    seal_ledger()
    with tenancy.scope(cast.alder.organization.id):
        waiting = OutboxJob.objects.filter(task="compliance.issue_certificate")
        waiting.filter(done_at=None).update(next_at=NOW - LONG, attempts=0)
    run_all_jobs(cast)


def certificates_of(cast: Cast) -> list[DeletionCertificate]:
    with tenancy.scope(cast.alder.organization.id):
        return list(DeletionCertificate.objects.order_by("number"))


@pytest.fixture
def certified(
    cast: Cast,
    make_due: Callable[..., Call],
    three,
    telnyx: ScriptedProcessor,
    settings,
    tmp_path: Path,
) -> DeletionCertificate:
    """Of a night that erased two calls, one with a recording at the carrier.

    A clock ends copies of the key store.
    """
    settings.KEY_COPIES_DIR = str(tmp_path / "apart")
    call = make_due(0)
    make_due(1)
    telnyx.kept[f"leg:{call.carrier_call_id}"] = 1
    run_night(cast)
    seal_and_certify(cast)
    (certificate,) = certificates_of(cast)
    return certificate
