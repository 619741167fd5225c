"""Why no field of compliance has a holder."""

from typing import Final

from sondervoice.kernel.purposes import Basis, Held, Purpose, Subject, Use

HELD: Final = (
    Held(
        name="compliance.holds",
        use=Use(
            title="What must not be erased yet, and why",
            of=Subject.CALLERS,
            purpose=Purpose.RECORD,
            basis=Basis.LEGAL_DUTY,
            kept="Until 30 days after the hold is released",
        ),
        columns=frozenset(
            {
                "compliance.LegalHold.caller_index",
                "compliance.LegalHold.reason_sealed",
                "compliance.LegalHold.release_reason_sealed",
            }
        ),
    ),
    Held(
        name="compliance.alerts",
        use=Use(
            title="What a colleague found after an alert",
            of=Subject.STAFF,
            purpose=Purpose.RECORD,
            basis=Basis.LEGAL_DUTY,
            kept="90 days",
        ),
        columns=frozenset({"compliance.SecurityAlert.note_sealed"}),
    ),
    Held(
        name="compliance.record",
        use=Use(
            title="The record of who did what, in ids and without names",
            of=Subject.STAFF,
            purpose=Purpose.RECORD,
            basis=Basis.LEGAL_DUTY,
            kept="Seven years, or as set for this installation and six at least",
        ),
        columns=frozenset(
            {
                "compliance.AuditLog.actor_kind",
                "compliance.AuditLog.action",
                "compliance.AuditLog.subject_kind",
                "compliance.AuditLog.fields",
                "compliance.AuditLog.facts",
            }
        ),
    ),
)
WITHOUT_HOLDER: Final = {
    "closing.Closing.step": "a word of our own list",
    "closing.ClosingLetter.kind": "a word of our own list",
    "compliance.LegalHold.scope": "a word of our own list",
    "compliance.SecurityAlert.rule": "a word of our own list",
    "compliance.SecurityAlert.actor_kind": "a word of our own list",
    "compliance.RetentionBatch.holder": "a word of our own list",
    "compliance.RetentionRun.kind": "a word of our own list",
}
