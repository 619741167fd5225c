"""Write a batch of an erasure down where no restore can pass it by."""

from compliance.backups.erasure_list import Erasure, erasure_list
from compliance.ledger.signer import signer
from compliance.retention.models import RetentionBatch


def list_erasure(batch: RetentionBatch) -> None:
    """Put a committed batch on the list; once more is harmless.

    Call it before the batch's second look: what is not listed does not count as gone.

    Raises:
        OSError: If it cannot be written.
    """
    erasure = Erasure(
        batch_id=batch.id,
        organization_id=batch.organization_id,
        holder=batch.holder,
        ids=batch.ids,
        erased_at=batch.erased_at,
    )
    erasure_list().add(erasure, signer())
