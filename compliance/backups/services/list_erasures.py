"""Write batches of an erasure down where no restore can pass them by."""

from collections.abc import Iterable

from compliance.backups.erasure_list import Erasure, erasure_list
from compliance.ledger.signer import signer
from compliance.retention.models import RetentionBatch


def list_erasures(batches: Iterable[RetentionBatch]) -> None:
    """Put committed batches on the list; once more is harmless.

    Call it before the batches' second look: what is not listed does not count as gone.

    Raises:
        OSError: If it cannot be written.
    """
    erasures = [
        Erasure(
            batch_id=batch.id,
            organization_id=batch.organization_id,
            holder=batch.holder,
            ids=batch.ids,
            erased_at=batch.erased_at,
        )
        for batch in batches
    ]
    erasure_list().add(erasures, signer())
