"""What becomes of a clinic's rows of compliance, and of the kernel, at closing."""

from typing import Final

from sondervoice.kernel.clinic_rows import Leaves, rows_leave, rows_stay

_PROOF: Final = "shows that what had to go is gone; ids, counts and dates"


def state() -> None:
    """Say it of every model."""
    rows_leave(
        Leaves.WITH_THE_DATA,
        "compliance.SecurityAlert",
        "compliance.AlertThresholds",
        "compliance.RetentionPolicy",
        # Each has been released: while one stands, nothing of the clinic goes.
        "compliance.LegalHold",
        # What was asked and answered is in the record.
        "rights.RightsRequest",
        "rights.RightsStep",
        "rights.CallerMark",
    )
    rows_stay(
        {
            "compliance.AuditLog": "the record: ids and counts, kept seven years",
            "compliance.RetentionRun": _PROOF,
            "compliance.RetentionBatch": _PROOF,
            "copies.CopyRun": _PROOF,
            "copies.ErasureLeg": "what each processor answered; finds nothing any more",
            "certificates.DeletionCertificate": "signed; names whose data went",
            "closing.Closing": "what was confirmed and when it was done",
            "closing.ClosingLetter": "who was written to, by an id that names nobody",
            "kernel.OutboxJob": "ids alone, cleared once the job is done",
        }
    )
