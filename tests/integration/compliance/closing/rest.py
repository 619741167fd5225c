"""One row of each kind that the matrix of addresses does not need."""

from datetime import timedelta

from guardian.shortcuts import assign_perm

from accounts.machines.models import ApiKeyRule, StoredAnswer, TokenFamily
from accounts.models import ApiKey
from accounts.operators.models import ClinicHelp
from accounts.permissions import Role
from accounts.sso.models import DirectoryIdentity, SamlRequest, SsoConnection
from accounts.way_in import signing_in
from compliance.alerts.models import AlertThresholds
from compliance.retention.models import RetentionPolicy
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7
from telephony.models import (
    Call,
    CarrierCommand,
    CarrierEvent,
    Location,
    Reveal,
    StreamToken,
    ToolUse,
    Turn,
)
from telephony.statistics.models import StatisticsMark
from tests.matrix.world import Side

CANARY = "canary of the rest"


def fill_rest(side: Side) -> None:
    with tenancy.scope(side.clinic.organization.id), signing_in():
        _fill_access(side)
        _fill_call(side)


def _fill_access(side: Side) -> None:
    clinic, now = {"organization": side.clinic.organization}, utc_now()
    person = side.people[Role.VIEWER]
    ApiKeyRule.objects.create(
        **clinic, key=ApiKey.objects.first(), made_by=person, networks=[CANARY]
    )
    StoredAnswer.objects.create(
        **clinic, key_sha256=b"k", request_sha256=b"r", created_at=now
    )
    TokenFamily.objects.create(
        **clinic,
        user=person,
        refresh_sha256=b"f",
        epoch=0,
        address="192.0.2.7",
        agent=CANARY,
        started_at=now,
        used_at=now,
        expires_at=now + timedelta(days=1),
    )
    DirectoryIdentity.objects.create(
        **clinic, user=person, issuer="issuer", subject=CANARY, created_at=now
    )
    SamlRequest.objects.create(
        **clinic,
        connection=SsoConnection.objects.first(),
        created_at=now,
        expires_at=now,
    )
    ClinicHelp.objects.create(**clinic, changed_by=person, changed_at=now)
    AlertThresholds.objects.create(**clinic)
    RetentionPolicy.objects.create(**clinic, changed_at=now)
    assign_perm("view_location", person, Location.objects.first())


def _fill_call(side: Side) -> None:
    now, call = utc_now(), Call.objects.first()
    one = {"organization": side.clinic.organization, "call": call}
    CarrierEvent.objects.create(
        organization=side.clinic.organization,
        carrier="telnyx",
        carrier_event_id=CANARY,
        carrier_call_id=call.carrier_call_id,
        event_type="call.initiated",
        occurred_at=now,
        received_at=now,
        payload_sealed=b"sealed",
    )
    CarrierCommand.objects.create(
        **one, kind=CarrierCommand.Kind.ANSWER, command_id=uuid7(), asked_at=now
    )
    StreamToken.objects.create(**one, token_sha256=call.id.bytes, expires_at=now)
    Turn.objects.create(**one, number=1, quiet_ms=1, decided_ms=2)
    Reveal.objects.create(
        **one,
        actor_id=side.people[Role.OWNER].pk,
        reason=Reveal.Reason.OTHER,
        note_sealed=b"sealed note",
        revealed_at=now,
        ends_at=now,
    )
    StatisticsMark.objects.create(
        organization=side.clinic.organization, next_on=now.date()
    )
    ToolUse.objects.create(**one, name="book", effect="done", at_ms=1, took_ms=1)
