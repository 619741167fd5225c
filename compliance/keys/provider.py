"""The port to whoever holds the root key: it wraps the keys of clinics.

A wrapped key says who wrapped it: ``0x02 | kind (1) | generation (4) | body``. Keys
of before generations begin with ``0x01`` and belong to the keyring's first.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from itertools import pairwise
from typing import Final, Protocol
from uuid import UUID

from compliance.keys.generations import Generation
from compliance.keys.sealing import VERSION, SealBrokenError

_WRAPPED: Final = b"\x02"
_HEADER_BYTES: Final = 6
# A root key older than this makes way for the next one.
ROTATED_EVERY: Final = timedelta(days=90)
# Copies of the key store live so long; until then they need the root key of their day.
COPIES_LIVE: Final = timedelta(days=7)


class Kind(IntEnum):
    """Who wraps."""

    KEYRING = 1
    AWS_KMS = 2


@dataclass(frozen=True, slots=True)
class KeyContext:
    """Whose key it is and what it is called; a wrapped key opens for these alone."""

    organization_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A wrapped key, and which root key opens it."""

    kind: int
    generation: int
    body: bytes

    def as_bytes(self) -> bytes:
        """Return it as it rests in the key store."""
        head = bytes([self.kind]) + self.generation.to_bytes(4, "big")
        return _WRAPPED + head + self.body

    @staticmethod
    def from_bytes(raw: bytes) -> "Wrapped":
        """Return what rests in the key store.

        Raises:
            SealBrokenError: If it is not a wrapped key.
        """
        if raw[:1] == VERSION:
            return Wrapped(Kind.KEYRING, 1, raw)
        if raw[:1] != _WRAPPED or len(raw) <= _HEADER_BYTES:
            raise SealBrokenError("this is no wrapped key")
        generation = int.from_bytes(raw[2:_HEADER_BYTES], "big")
        return Wrapped(raw[1], generation, raw[_HEADER_BYTES:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a key service says of its own rotation, which makes new key material.

    Attributes:
        is_rotated: Null when it does not say.
        every_days: 0 where it is not rotated, or not said.
    """

    is_rotated: bool | None
    every_days: int = 0
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What may be said about a root key.

    Attributes:
        label: What it is called wherever it is shown.
        is_hardware_backed: Whether it never leaves a hardware security module; null
            when whoever holds it did not say.
        key_id: A name of the key that tells nothing about it.
        state: The holder's word for whether it can be used, as ``Enabled``; empty when
            the holder did not answer.
        material: Null where a generation of ours is new key material itself; else a
            generation is all keys wrapped anew under the same name.
    """

    kind: Kind
    label: str
    is_hardware_backed: bool | None
    key_id: str
    state: str
    material: Material | None


class KeyProvider(Protocol):
    """Holds the root key in generations: the newest wraps, older ones still open."""

    @property
    def kind(self) -> Kind:
        """Which one it is."""

    def describe(self) -> Description:
        """Return what may be said about the newest root key; never fails."""

    def generations(self) -> Sequence[Generation]:
        """Return all generations there were, oldest first."""

    def newest(self) -> Generation:
        """Return the generation that wraps."""

    def wrap(self, key: bytes, context: KeyContext) -> Wrapped:
        """Return `key` wrapped by the newest generation, for this context.

        Raises:
            VendorError: If whoever holds the root key did not do it.
        """

    def unwrap(self, wrapped: Wrapped, context: KeyContext) -> bytes:
        """Return the key again.

        Raises:
            SealBrokenError: If it was changed, or belongs to another context or to a
                generation that is gone.
            VendorError: If whoever holds the root key did not do it.
        """

    def rewrap(self, wrapped: Wrapped, context: KeyContext) -> Wrapped:
        """Return the same key wrapped by the newest generation.

        Raises:
            SealBrokenError: As `unwrap`.
            VendorError: As `unwrap`.
        """

    def begin_generation(self, now: datetime) -> Generation:
        """Make the generation that wraps from now on."""

    def give_up(self, numbers: Collection[int]) -> None:
        """Delete what opens these generations, for good."""


def retirable(
    generations: Sequence[Generation], in_use: Collection[int], *, now: datetime
) -> list[int]:
    """Return the numbers of those that nothing needs any more (pure).

    The newest stays, and so does one that copies of the key store may still need.

    Args:
        in_use: By which keys are wrapped.
    """
    return [
        older.number
        for older, next_one in pairwise(generations)
        if older.is_live
        and older.number not in in_use
        and next_one.made_at + COPIES_LIVE <= now
    ]
