"""Finds who opens a wrapped key: the one who wraps today, or one who did before."""

from collections.abc import Sequence
from uuid import UUID

from compliance.keys.provider import KeyContext, KeyProvider, Wrapped
from compliance.keys.sealing import SealBrokenError


class Wrapping:
    """Wraps by one provider, and opens what others wrapped before it."""

    def __init__(self, current: KeyProvider, *former: KeyProvider) -> None:
        """Wrap by `current`."""
        self.current = current
        self._all: Sequence[KeyProvider] = (current, *former)

    def wrap(self, key: bytes, *, organization_id: UUID, name: str) -> bytes:
        """Return `key` wrapped for this organization and name.

        Raises:
            VendorError: If whoever holds the root key did not do it.
        """
        context = KeyContext(organization_id, name)
        return self.current.wrap(key, context).as_bytes()

    def unwrap(self, raw: bytes, *, organization_id: UUID, name: str) -> bytes:
        """Return the key again.

        Raises:
            SealBrokenError: If it was changed, belongs to another organization or
                name, or was wrapped by a root key that this installation has not.
            VendorError: If whoever holds the root key did not do it.
        """
        wrapped = Wrapped.from_bytes(raw)
        context = KeyContext(organization_id, name)
        return self._of(wrapped).unwrap(wrapped, context)

    def rewrap(self, raw: bytes, *, organization_id: UUID, name: str) -> bytes:
        """Return the same key wrapped by today's newest root key.

        Raises:
            SealBrokenError: As `unwrap`.
            VendorError: As `unwrap`.
        """
        wrapped = Wrapped.from_bytes(raw)
        context = KeyContext(organization_id, name)
        if wrapped.kind == self.current.kind:
            return self.current.rewrap(wrapped, context).as_bytes()
        key = self._of(wrapped).unwrap(wrapped, context)
        return self.current.wrap(key, context).as_bytes()

    def is_newest(self, wrapped: Wrapped) -> bool:
        """Return whether today's newest root key wrapped it."""
        newest = self.current.newest().number
        return (wrapped.kind, wrapped.generation) == (self.current.kind, newest)

    def _of(self, wrapped: Wrapped) -> KeyProvider:
        for provider in self._all:
            if provider.kind == wrapped.kind:
                return provider
        raise SealBrokenError("this installation has not the provider of that key")
