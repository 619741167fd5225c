"""How a call looks over REST."""

from typing import Final

from accounts.shapes import (
    ID,
    TEXT,
    TIME,
    WHOLE,
    YES_NO,
    maybe,
    one_word,
    record,
    said,
)
from telephony.models import Call

_MODES: Final = ("notice", "all_party_notice", "explicit_opt_in")

CALL: Final = record(
    "Call",
    id=ID,
    status=one_word(Call.Status.values),
    direction=one_word(("inbound", "outbound")),
    caller_e164=said(
        maybe(TEXT),
        "whole for who sees callers, else masked; null when withheld or erased",
    ),
    language=TEXT,
    started_at=TIME,
    answered_at=maybe(TIME),
    ended_at=maybe(TIME),
    end_reason=maybe(one_word(Call.EndReason.values)),
    outcome=one_word(Call.Outcome.values),
    agent=record(id=ID, name=TEXT),
    agent_version=WHOLE,
    capture=record(
        mode=maybe(one_word(_MODES)),
        policy_version=maybe(TEXT),
        recording=maybe(YES_NO),
        transcription=maybe(YES_NO),
    ),
    disclosure=record(
        text=maybe(TEXT),
        language=maybe(TEXT),
        spoken_at=maybe(TIME),
        heard_at=said(maybe(TIME), "null until it was heard to its end"),
    ),
    consent=record(
        asked_at=maybe(TIME),
        answer=maybe(YES_NO),
        method=maybe(TEXT),
        text_version=maybe(TEXT),
    ),
    recording=maybe(
        record(id=ID, duration_ms=WHOLE, encrypted=YES_NO, erase_after=TIME)
    ),
    latency=said(
        record(p50_ms=maybe(WHOLE), p95_ms=maybe(WHOLE)),
        "from the caller\u2019s last word to our first sound",
    ),
)
