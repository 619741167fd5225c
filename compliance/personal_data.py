"""Why no field of compliance has a holder."""

from typing import Final

_HOLD: Final = "why something is kept; lives as long as the list of holds"
WITHOUT_HOLDER: Final = {
    "closing.Closing.step": "a word of our own list",
    "closing.ClosingLetter.kind": "a word of our own list",
    "compliance.LegalHold.scope": "a word of our own list",
    "compliance.LegalHold.caller_index": "finds what is held; opens nothing",
    "compliance.LegalHold.reason_sealed": _HOLD,
    "compliance.LegalHold.release_reason_sealed": _HOLD,
    "compliance.SecurityAlert.rule": "a word of our own list",
    "compliance.SecurityAlert.actor_kind": "a word of our own list",
    "compliance.SecurityAlert.note_sealed": "what a colleague found, as the record",
    "compliance.RetentionBatch.holder": "a word of our own list",
    "compliance.RetentionRun.kind": "a word of our own list",
}
