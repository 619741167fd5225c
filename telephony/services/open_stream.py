"""Trade a stream token for its call, once, before the socket is accepted.

Next: `telephony.media` accepts and matches the call, then burns the token.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import F

from accounts.models import Organization
from compliance.capture.policy import CapturePolicy
from compliance.keys.call_sealer import CallSealer, sealer_for_call
from sondervoice.kernel import tenancy
from telephony.carrier_words import emergency_number
from telephony.errors import StreamTokenRefusedError
from telephony.models import Call, StreamToken
from telephony.sealed import TABLE, caller_e164
from telephony.voice.dialogue import Brief, Dialogue
from telephony.way_in import organization_for_stream_token


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCall:
    """All that the media process needs to hold a call, so that it asks once.

    Attributes:
        epoch: The number of this line among those that have held the call.
    """

    organization_id: UUID
    call_id: UUID
    token_id: UUID
    epoch: int
    carrier_call_id: str
    timezone: str
    brief: Brief
    dialogue: Dialogue
    policy: CapturePolicy
    sealer: CallSealer
    caller_e164: str
    called_country: str
    answered_at: datetime
    disclosure_heard: bool
    consent: bool | None


def open_stream(*, token: str, now: datetime) -> OpenedCall:
    """Take the token and return its call; a second try finds it taken.

    Raises:
        StreamTokenRefusedError: If it is unknown, too old, taken, or the call is over.
    """
    token_sha256 = hashlib.sha256(token.encode()).digest()
    organization_id = organization_for_stream_token(token_sha256)
    if organization_id is None:
        raise StreamTokenRefusedError
    with tenancy.scope(organization_id):
        # The call before its token, as everybody who changes both.
        Call.objects.select_for_update(of=("self",)).filter(
            tokens__token_sha256=token_sha256
        ).first()
        # One UPDATE: of fifty connections with one token, one finds a row to take. The
        # call is asked for apart: over a join the UPDATE would choose its row by a
        # query of its own, and that is not asked again once the first has let go.
        taken = StreamToken.objects.filter(
            token_sha256=token_sha256,
            opened_at=None,
            expires_at__gt=now,
            call__in=Call.objects.filter(
                status__in=["ringing", "live"], line_ended_at=None
            ),
        )
        if not taken.update(opened_at=now):
            raise StreamTokenRefusedError
        row = StreamToken.objects.select_related("call__agent_version").get(
            token_sha256=token_sha256
        )
        call = row.call
        # From here on an older line of this call is nobody.
        Call.objects.filter(pk=call.pk).update(
            line_seen_at=now, line_epoch=F("line_epoch") + 1, stream_lost_at=None
        )
        call.refresh_from_db(fields=["line_epoch"])
        clinic = Organization.objects.get(pk=organization_id)
        return _opened(call, token_id=row.id, clinic=clinic)


def burn_token(*, organization_id: UUID, token_id: UUID, now: datetime) -> None:
    """The right has been used on the call it was made for."""
    with tenancy.scope(organization_id):
        StreamToken.objects.filter(pk=token_id).update(burned_at=now)


def _opened(call: Call, *, token_id: UUID, clinic: Organization) -> OpenedCall:
    policy = msgspec.convert(call.capture, CapturePolicy)
    sealer = sealer_for_call(organization_id=clinic.id, call_id=call.id)
    return OpenedCall(
        organization_id=clinic.id,
        call_id=call.id,
        token_id=token_id,
        epoch=call.line_epoch,
        carrier_call_id=call.carrier_call_id,
        timezone=clinic.timezone,
        brief=_brief(call, clinic, policy),
        dialogue=_dialogue(call, sealer),
        policy=policy,
        sealer=sealer,
        caller_e164=caller_e164(call, sealer),
        called_country=clinic.country,
        answered_at=call.answered_at or call.started_at,
        disclosure_heard=call.disclosure_heard_at is not None,
        consent=call.consent_answer,
    )


def _brief(call: Call, clinic: Organization, policy: CapturePolicy) -> Brief:
    version = call.agent_version
    return Brief(
        clinic_name=clinic.name,
        timezone=clinic.timezone,
        languages=tuple(version.languages),
        emergency_number=emergency_number(clinic.country).replace(" ", ""),
        can_put_through=bool(version.put_through_e164),
        facts=dict(version.facts),
        disclosure=policy.notice,
        asks_consent=policy.asks_consent,
        keeps_sound=policy.recording and not policy.asks_consent,
        consent_question=policy.question,
    )


def _dialogue(call: Call, sealer: CallSealer) -> Dialogue:
    """Return where the conversation stood, when another process held it before."""
    if call.dialogue is None:
        return Dialogue(language=call.language)
    text = sealer.open(call.dialogue, table=TABLE, column="dialogue", row_id=call.id)
    return msgspec.json.decode(text, type=Dialogue)
