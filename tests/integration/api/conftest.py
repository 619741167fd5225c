from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.services.create_api_key import create_api_key
from compliance.capture.policy import decide
from compliance.keys.call_sealer import CallSealer
from compliance.keys.keys import keys
from recordings.models import Recording, Utterance
from sondervoice.demo.people import ALDER, BIRCH
from sondervoice.demo.seed import seed
from sondervoice.kernel import tenancy
from sondervoice.kernel.ids import uuid7
from telephony.messages.models import Message
from telephony.messages.sealed import seal_message_field
from telephony.models import Call, PhoneNumber
from telephony.sealed import TABLE
from tests.cast_calls import keep_for
from tests.shared_rows import SHARED

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SCOPES = ("calls:read", "appointments:read", "messages:read")


@dataclass(frozen=True)
class Desk:
    """One clinic's machine at the API."""

    client: Client
    authorization: str

    def get(self, path, **query):
        return self.client.get(
            f"/api/v1/{path}", query, headers={"authorization": self.authorization}
        )


SHARED.share("clinics", lambda: seed(now=NOW))


@pytest.fixture
def clinics(db):
    SHARED.take("clinics")


def desk_of(practice, scopes=SCOPES):
    with tenancy.scope(practice.id):
        key = create_api_key(
            organization_id=practice.id, name="test", scopes=list(scopes), now=NOW
        )
    return Desk(Client(), f"Api-Key {key}")


@pytest.fixture
def alder(clinics):
    return desk_of(ALDER)


@pytest.fixture
def birch(clinics):
    return desk_of(BIRCH)


def make_call(practice=ALDER, *, minutes_ago=0, **fields):
    """Make an ended call with a recording, a transcript and a message."""
    with tenancy.scope(practice.id):
        number = PhoneNumber.objects.select_related("agent_version").get()
        call_id, started = uuid7(), NOW - timedelta(minutes=minutes_ago)
        key = keys().make_call_key(
            organization_id=practice.id, call_id=call_id, now=NOW
        )
        sealer = CallSealer(practice.id, call_id, key)
        policy = decide(
            places=("US-IL",),
            clinic_name=practice.name,
            languages=["en"],
            agent_records=True,
        )
        call = Call.objects.create(
            id=call_id,
            organization_id=practice.id,
            number=number,
            agent_version=number.agent_version,
            carrier_call_id=f"v3:{call_id}",
            language="en",
            caller_sealed=sealer.seal(
                "+13125550142", table=TABLE, column="caller_sealed", row_id=call_id
            ),
            caller_index=b"i" * 32,
            started_at=started,
            capture=asdict(policy),
            **{
                "status": Call.Status.ENDED,
                "ended_at": started + timedelta(seconds=60),
                "outcome": Call.Outcome.BOOKED,
                "end_reason": Call.EndReason.CALLER_HUNG_UP,
                "disclosure_language": "en",
                "disclosure_spoken_at": started + timedelta(seconds=1),
                "disclosure_heard_at": started + timedelta(seconds=7),
                "answer_p50_ms": 640,
                "answer_p95_ms": 910,
                **keep_for(started + timedelta(seconds=60)),
                **fields,
            },
        )
        _leave(call, sealer)
    return call


def _leave(call, sealer):
    Recording.objects.create(
        organization_id=call.organization_id,
        call=call,
        status=Recording.Status.STORED,
        duration_ms=60_000,
        size_bytes=1_000,
    )
    lines = [("agent", "Hello.", "full"), ("caller", "a check-up", ""),
             ("agent", "Next Tuesday at half past ten?", "part")]  # fmt: skip
    for number, (speaker, text, heard) in enumerate(lines, start=1):
        row_id = uuid7()
        seal = {"table": "recordings_utterance", "row_id": row_id}
        Utterance.objects.create(
            id=row_id,
            organization_id=call.organization_id,
            call=call,
            number=number,
            speaker=speaker,
            language="en",
            text_sealed=sealer.seal(text, column="text_sealed", **seal),
            started_ms=number * 1_000,
            ended_ms=number * 1_000 + 900,
            heard=heard,
            heard_sealed=sealer.seal("Next Tuesday", column="heard_sealed", **seal)
            if heard == "part"
            else None,
        )
    message = Message(organization_id=call.organization_id, call=call, left_at=NOW)
    for column, text in (
        ("text_sealed", "please ring me back"),
        ("name_sealed", "Maria Lopez"),
        ("phone_sealed", "+13125550142"),
    ):
        sealed = seal_message_field(
            text, sealer=sealer, column=column, message_id=message.id
        )
        setattr(message, column, sealed)
    message.save(force_insert=True)
