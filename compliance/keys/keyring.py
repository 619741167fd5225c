"""The root key, in software: 32 bytes in a file that only this user may read.

It wraps the key of each organization and month; a key service will stand in its place
behind the same two methods.
"""

from pathlib import Path
from uuid import UUID

from compliance.keys.sealing import Place, seal, unseal


class KeyringBrokenError(Exception):
    """The keyring's file is missing or is not 32 bytes."""


class LocalKeyring:
    """Wraps and unwraps keys under a root key kept in a file."""

    def __init__(self, path: Path) -> None:
        """Read the root key.

        Raises:
            KeyringBrokenError: If there is no such file or it is not 32 bytes.
        """
        try:
            self._root = path.read_bytes()
        except OSError:
            raise KeyringBrokenError("KEYRING_PATH cannot be read") from None
        if len(self._root) != 32:
            raise KeyringBrokenError("KEYRING_PATH must hold exactly 32 bytes")

    def wrap(self, key: bytes, *, organization_id: UUID, name: str) -> bytes:
        """Return `key` sealed under the root key, for this organization and name."""
        return seal(self._root, key, self._place(organization_id, name))

    def unwrap(self, wrapped: bytes, *, organization_id: UUID, name: str) -> bytes:
        """Return the key again.

        Raises:
            SealBrokenError: If it belongs to another organization or name.
        """
        return unseal(self._root, wrapped, self._place(organization_id, name))

    @staticmethod
    def _place(organization_id: UUID, name: str) -> Place:
        return Place(organization_id, "keyring", name, organization_id)
