"""Destroy keys of words that were forgotten: of holds, requests, marks and alerts.

Whoever forgets empties the columns and asks for this in the same transaction, so words
without a key are nowhere shown, and a key without words is there for a moment alone.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from compliance.backups.erasure_list import Erasure
from compliance.backups.services.put_on_list import put_on_list
from compliance.keys.keys import keys
from sondervoice.kernel.jobs import after_commit

# As the list of erasures has it.
NAME: Final = "compliance.words"


def ask_to_destroy(*, organization_id: UUID, key_id: UUID) -> None:
    """Have the key destroyed once the open transaction is committed."""
    after_commit(
        "compliance.destroy_words_key",
        organization_id=organization_id,
        ids={"key_id": key_id},
    )


def destroy_words_key(*, organization_id: UUID, key_id: UUID, now: datetime) -> None:
    """List the key as gone, then destroy it; twice is harmless.

    Raises:
        OSError: If it cannot be listed, and then it stays, or cannot be destroyed.
    """
    put_on_list(
        Erasure(
            batch_id=key_id,
            organization_id=organization_id,
            holder=NAME,
            ids=[key_id],
            erased_at=now,
        )
    )
    keys().destroy_row_key(organization_id=organization_id, row_id=key_id)


class WordsAgain:
    """Destroys keys that an older copy of the key store brought back.

    A row that came back besides keeps bytes that nothing opens, until it is forgotten
    again: by the clock, or once a request that is open again is decided.
    """

    def erase(self, erasure: Erasure) -> int:
        """Do it; return how many were there."""
        found = [one for one in erasure.ids if _has_key(erasure, one)]
        for one in found:
            keys().destroy_row_key(organization_id=erasure.clinic_id, row_id=one)
        return len(found)

    def remains(self, erasure: Erasure) -> bool:
        """Return whether a key is there."""
        return any(_has_key(erasure, one) for one in erasure.ids)


def _has_key(erasure: Erasure, key_id: UUID) -> bool:
    return keys().has_row_key(organization_id=erasure.clinic_id, row_id=key_id)
