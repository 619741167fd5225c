"""Webhooks as the carrier posts them, and what they leave in the database."""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models.functions import Now
from django.http import HttpResponse
from django.test import Client

from compliance.ledger.models import AuditLog
from sondervoice.kernel import tenancy
from sondervoice.kernel.jobs import run_slow, run_waiting
from sondervoice.kernel.models import OutboxJob
from telephony.models import Call, CarrierCommand, CarrierEvent
from tests.cast import HANNAH, NOW, Cast, Clinic

PATH = "/webhooks/telnyx/"
CALL_ID = "v3:one-call-of-the-tests"
LONG = timedelta(days=365)


def event(
    event_type: str,
    *,
    clinic: Clinic,
    call_id: str = CALL_ID,
    at_s: float = 0,
    **payload: object,
) -> dict[str, Any]:
    """Return the `data` of a webhook that happened so many seconds after `NOW`."""
    occurred_at = NOW + timedelta(seconds=at_s)
    return {
        "record_type": "event",
        "event_type": event_type,
        "id": f"{event_type}-{call_id}-{at_s}",
        "occurred_at": occurred_at.isoformat(),
        "payload": {
            "call_control_id": call_id,
            "from": HANNAH,
            "to": clinic.number.e164,
            "direction": "incoming",
            **payload,
        },
    }


@dataclass
class Post:
    """Signs as the carrier and posts; `key` is the carrier's."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    client: Client = field(default_factory=Client)

    @property
    def public_key(self) -> str:
        """Return what the product's settings name."""
        return base64.b64encode(self.key.public_key().public_bytes_raw()).decode()

    def data(self, data: object, **options: Any) -> HttpResponse:
        """Post the `data` of a webhook."""
        return self.raw(json.dumps({"data": data}).encode(), **options)

    def raw(
        self,
        body: bytes,
        *,
        at: datetime = NOW,
        key: Ed25519PrivateKey | None = None,
        sent: bytes | None = None,
        **headers: str | None,
    ) -> HttpResponse:
        """Post a body, signed at an instant; a header that is None is left out.

        Args:
            sent: What is posted when it is not what was signed.
        """
        timestamp = str(int(at.timestamp()))
        signature = (key or self.key).sign(timestamp.encode() + b"|" + body)
        given = {
            "telnyx-signature-ed25519": base64.b64encode(signature).decode(),
            "telnyx-timestamp": timestamp,
        }
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            PATH,
            body if sent is None else sent,
            content_type="application/json",
            headers={name: value for name, value in given.items() if value is not None},
        )


def put_off_failed() -> None:
    """Let jobs that failed wait, in the open scope, where the tests' clock stands."""
    failed = OutboxJob.objects.filter(attempts__gt=0, done_at=None, failed_at=None)
    failed.filter(next_at__lte=Now()).update(next_at=Now() + timedelta(minutes=1))


def run_all_jobs(cast: Cast) -> None:
    """Run what waits, due or not, and what that leaves, as the worker does.

    Inside the one transaction of a test the database's clock stands still.
    """
    ran = 1
    while ran:
        slow = 0
        for clinic in (cast.alder, cast.birch):
            with tenancy.scope(clinic.organization.id):
                OutboxJob.objects.filter(attempts=0).update(next_at=NOW - LONG)
                put_off_failed()
                slow += OutboxJob.objects.filter(is_slow=True, done_at=None).count()
        ran = run_waiting() + run_slow(at_most=slow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """How many rows a clinic has of what webhooks can make."""

    events: int = 0
    calls: int = 0
    commands: int = 0
    jobs: int = 0
    audits: int = 0


def rows_of(clinic: Clinic) -> Rows:
    """Return the counts."""
    with tenancy.scope(clinic.organization.id):
        return Rows(
            events=CarrierEvent.objects.count(),
            calls=Call.objects.count(),
            commands=CarrierCommand.objects.count(),
            jobs=OutboxJob.objects.count(),
            audits=AuditLog.objects.count(),
        )


def nothing_of(cast: Cast) -> bool:
    """Return whether neither clinic has a row."""
    return rows_of(cast.alder) == Rows() and rows_of(cast.birch) == Rows()
