"""A certificate as it would be issued, without the erasure. Open a scope first."""

from datetime import datetime

from compliance.certificates.body import FORMAT, stamp
from compliance.certificates.models import DeletionCertificate
from compliance.certificates.signing import sign
from compliance.certificates.words import (
    BACKUPS_BY_CLOCK,
    CANNOT_PROVE,
    CAUSES,
    COPIES_BY_CLOCK,
    METHODS,
    ON_OUR_MACHINES,
    WHAT,
)
from compliance.ledger.signer import signer
from compliance.retention.models import RetentionRun
from sondervoice.kernel.ids import uuid7
from sondervoice.kernel.personal_data import DATA_CLASSES
from tests.cast import Clinic


def make_certificate(clinic: Clinic, *, at: datetime) -> DeletionCertificate:
    """Of a run that somebody asked for and that erased one of each kind."""
    organization = clinic.organization
    run = RetentionRun.objects.create(
        organization=organization,
        kind="request",
        cause_id=uuid7(),
        due_at=at,
        started_at=at,
        finished_at=at,
    )
    then = stamp(at)
    body = {
        "format": FORMAT,
        "number": 1,
        "issued_at": then,
        "clinic": {"id": str(organization.id), "name": organization.name},
        "cause": {
            "kind": run.kind, "words": CAUSES[run.kind], "id": str(run.cause_id)
        },
        "run": {
            "id": str(run.id), "due_at": then, "started_at": then, "finished_at": then
        },
        "erased": [
            {"class": kind, "what": WHAT[kind], "count": 1, "method": METHODS[kind]}
            for kind in DATA_CLASSES
        ],
        "second_look": {"at": then, "batches": 4, "found": 0},
        "keys": {
            "destroyed": 1, "gone_from_copies_by": then, "copies": COPIES_BY_CLOCK
        },
        "backups": {"gone_by": then, "how": BACKUPS_BY_CLOCK},
        "processors": [],
        "on_our_machines": ON_OUR_MACHINES,
        "held_back": [],
        "policy": {"days": dict.fromkeys(DATA_CLASSES, 180), "changed_at": ""},
        "software": "0",
        "record": {"lines": [], "others": 0},
        "cannot_prove": list(CANNOT_PROVE),
    }  # fmt: skip
    return DeletionCertificate.objects.create(
        organization=organization,
        number=1,
        run=run,
        issued_at=at,
        body=body,
        note=sign(body, signer()),
    )
