"""Calls as the REST API shows them."""

from typing import Any, Final

from compliance.keys.call_sealer import sealer_for_call
from compliance.keys.store import KeyGoneError
from telephony.models import Call
from telephony.sealed import caller_e164
from telephony.selectors.shown_numbers import shown_e164
from telephony.selectors.sight import Sight

_STORED: Final = "stored"


def call_json(call: Call, sight: Sight) -> dict[str, Any]:
    """Return one call; its agent, version and recording must have been fetched."""
    return {
        "id": call.id,
        "status": call.status,
        "direction": call.direction,
        "caller_e164": _caller(call, sight),
        "language": call.language,
        "started_at": call.started_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "end_reason": call.end_reason or None,
        "outcome": call.outcome,
        "agent": {
            "id": call.agent_version.agent_id,
            "name": call.agent_version.agent.name,
        },
        "agent_version": call.agent_version.number,
        "capture": {
            name: call.capture.get(name)
            for name in ("mode", "policy_version", "recording", "transcription")
        },
        "disclosure": _disclosure(call),
        "consent": {
            "asked_at": call.consent_asked_at,
            "answer": call.consent_answer,
            "method": call.consent_method or None,
            "text_version": call.capture.get("text_version"),
        },
        "recording": _recording(call),
        "latency": {"p50_ms": call.answer_p50_ms, "p95_ms": call.answer_p95_ms},
    }


def _caller(call: Call, sight: Sight) -> str | None:
    try:
        sealer = sealer_for_call(organization_id=call.organization_id, call_id=call.id)
    except KeyGoneError:
        return None
    is_seen = sight.sees(call.id) and not sight.restricts(call.caller_index)
    return shown_e164(caller_e164(call, sealer), is_seen=is_seen)


def _disclosure(call: Call) -> dict[str, Any]:
    """Return the words of the notice in the language it was given in, and its proof.

    The language is noted once the notice was heard. One that was only begun was given
    in the language of the call.
    """
    language = call.disclosure_language
    if not language and call.disclosure_spoken_at is not None:
        language = call.language
    sentences = call.capture.get("notice", {}).get(language, [])
    return {
        "text": " ".join(sentences) or None,
        "language": language or None,
        "spoken_at": call.disclosure_spoken_at,
        "heard_at": call.disclosure_heard_at,
    }


def _recording(call: Call) -> dict[str, Any] | None:
    recording = getattr(call, "recording", None)
    if recording is None or recording.status != _STORED:
        return None
    return {
        "id": recording.id,
        "duration_ms": recording.duration_ms,
        # Nothing else is ever written: the storage is handed sealed pieces only.
        "encrypted": True,
        "erase_after": recording.erase_after,
    }
