"""Take a new call: fix its rules for good, then answer.

Next: `telephony.services.send_command`.
"""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from accounts.change_hashes import hashes_of
from accounts.models import Organization
from compliance.capture.calling_codes import country_of
from compliance.capture.policy import CapturePolicy, decide
from compliance.capture.rules import ModeWord
from compliance.closing.selectors.standing import takes_calls
from compliance.keys.call_sealer import CallSealer
from compliance.keys.keys import keys
from compliance.retention.selectors.keep_days import get_keep_days
from compliance.rights.selectors.marks import has_objected
from sondervoice.kernel import audit
from sondervoice.kernel.ids import uuid7
from telephony.models import Call, CarrierCommand, PhoneNumber
from telephony.sealed import TABLE
from telephony.services.ask_carrier import ask_carrier


def answer_call(
    *,
    organization_id: UUID,
    carrier_call_id: str,
    called_e164: str,
    caller_e164: str,
    now: datetime,
) -> Call | None:
    """Make the call's row under the rules of this moment and ask for an answer.

    Later questions about this call are answered by what is frozen here.

    Returns:
        The call, or None when the number is not ours, nobody answers it, or the
        clinic's account is being closed and takes no more calls.
    """
    number = (
        PhoneNumber.objects.select_related("agent_version__agent")
        .filter(e164=called_e164)
        .first()
    )
    if number is None or not number.agent_version.agent.is_answering:
        return None
    if not takes_calls(now=now):
        return None
    clinic = Organization.objects.get(pk=organization_id)
    policy = _policy(clinic, number, caller_e164)
    call = _make_call(
        number=number,
        carrier_call_id=carrier_call_id,
        caller_e164=caller_e164,
        policy=policy,
        now=now,
    )
    _record(call, policy)
    ask_carrier(call=call, kind=CarrierCommand.Kind.ANSWER, now=now)
    return call


def _policy(
    clinic: Organization, number: PhoneNumber, caller_e164: str
) -> CapturePolicy:
    # Nobody is known by a withheld number.
    index = keys().index(clinic.id, kind="phone", value=caller_e164)
    return decide(
        places=(clinic.jurisdiction, country_of(caller_e164)),
        clinic_name=clinic.name,
        languages=number.agent_version.languages,
        agent_records=number.agent_version.records,
        has_objected=bool(caller_e164) and has_objected(index),
        keep_days=get_keep_days(),
    )


def _record(call: Call, policy: CapturePolicy) -> None:
    audit.record(
        audit.Entry(
            action="telephony.call.answered",
            organization_id=call.organization_id,
            actor_kind="carrier",
            actor_id=None,
            subject_kind="call",
            subject_id=call.id,
            fields=("capture",),
            facts={
                "agent_version": call.agent_version_id,
                "recording": policy.recording,
                "transcription": policy.transcription,
                "mode": ModeWord(policy.mode),
                "rules": audit.Digest(policy.policy_version),
                "decision": _decision(call, policy),
            },
        )
    )


def _decision(call: Call, policy: CapturePolicy) -> audit.Fact:
    """Return what the decision is known by: it changes with any word that is frozen."""
    hashes = hashes_of(call.organization_id, before=None, after=asdict(policy))
    return hashes["after"]


def _make_call(
    *,
    number: PhoneNumber,
    carrier_call_id: str,
    caller_e164: str,
    policy: CapturePolicy,
    now: datetime,
) -> Call:
    organization_id, call_id = number.organization_id, uuid7()
    key = keys().make_call_key(
        organization_id=organization_id, call_id=call_id, now=now
    )
    sealer = CallSealer(organization_id, call_id, key)
    return Call.objects.create(
        id=call_id,
        organization_id=organization_id,
        number=number,
        agent_version=number.agent_version,
        carrier_call_id=carrier_call_id,
        language=number.agent_version.languages[0],
        caller_sealed=sealer.seal(
            caller_e164, table=TABLE, column="caller_sealed", row_id=call_id
        ),
        caller_index=keys().index(organization_id, kind="phone", value=caller_e164),
        started_at=now,
        capture=asdict(policy),
    )
