"""Seals and opens what belongs to one call, under that call's own key."""

from dataclasses import dataclass
from uuid import UUID

from compliance.keys.keys import keys
from compliance.keys.sealing import Place, seal, unseal


@dataclass(frozen=True, slots=True)
class CallSealer:
    """The key of one call, in memory for as long as it is needed."""

    organization_id: UUID
    call_id: UUID
    key: bytes

    def seal(self, text: str, *, table: str, column: str, row_id: UUID) -> bytes:
        """Return text sealed for one field of one row."""
        place = Place(self.organization_id, table, column, row_id)
        return seal(self.key, text.encode(), place)

    def open(
        self, sealed: bytes | memoryview, *, table: str, column: str, row_id: UUID
    ) -> str:
        """Return the text of one field of one row.

        Raises:
            SealBrokenError: If it was changed or belongs elsewhere.
        """
        place = Place(self.organization_id, table, column, row_id)
        return unseal(self.key, bytes(sealed), place).decode()


def sealer_for_call(*, organization_id: UUID, call_id: UUID) -> CallSealer:
    """Return the sealer of a call that has a key.

    Raises:
        KeyGoneError: If the key has been destroyed: the call has been erased.
    """
    key = keys().call_key(organization_id=organization_id, call_id=call_id)
    return CallSealer(organization_id, call_id, key)
