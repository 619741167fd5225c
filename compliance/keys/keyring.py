"""The root key, in software: a file that only this user may read."""

import base64
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from compliance.keys.generations import (
    RAW_BYTES,
    Generation,
    GenerationFile,
    GenerationsBrokenError,
)
from compliance.keys.provider import Description, KeyContext, Kind, Wrapped
from compliance.keys.sealing import (
    Place,
    SealBrokenError,
    derive,
    new_key,
    seal,
    unseal,
)

LABEL: Final = "software keys"


class KeyringBrokenError(Exception):
    """The keyring's file is missing or damaged."""


class LocalKeyring:
    """Wraps and unwraps keys under root keys kept in a file."""

    kind = Kind.KEYRING

    def __init__(self, path: Path) -> None:
        """Read the root keys.

        Raises:
            KeyringBrokenError: If there is no such file or it is damaged.
        """
        self._file = GenerationFile(path)
        for generation in self.generations():
            if generation.is_live:
                _secret(generation)

    def describe(self) -> Description:
        """Return what may be said; the name, made from the key, tells none of it."""
        named = derive(_secret(self.newest()), purpose=b"key id").hex()[:8]
        return Description(
            kind=self.kind,
            label=LABEL,
            is_hardware_backed=False,
            key_id=f"{self.newest().number}-{named}",
            state="Enabled",
            material=None,
        )

    def generations(self) -> tuple[Generation, ...]:
        """Return all generations there were, oldest first.

        Raises:
            KeyringBrokenError: If the file is missing or damaged.
        """
        try:
            return self._file.read()
        except GenerationsBrokenError as error:
            raise KeyringBrokenError(f"KEYRING_PATH: {error}") from None

    def newest(self) -> Generation:
        """Return the generation that wraps."""
        return self.generations()[-1]

    def wrap(self, key: bytes, context: KeyContext) -> Wrapped:
        """Return `key` sealed under the newest root key, for this context."""
        newest = self.newest()
        body = seal(_secret(newest), key, _place(context))
        return Wrapped(self.kind, newest.number, body)

    def unwrap(self, wrapped: Wrapped, context: KeyContext) -> bytes:
        """Return the key again.

        Raises:
            SealBrokenError: If it was changed, or belongs to another context or to a
                generation that is gone.
        """
        for one in self.generations():
            if one.number == wrapped.generation and one.is_live:
                return unseal(_secret(one), wrapped.body, _place(context))
        raise SealBrokenError("the keyring does not have the key of that generation")

    def rewrap(self, wrapped: Wrapped, context: KeyContext) -> Wrapped:
        """Return the same key wrapped by the newest generation."""
        return self.wrap(self.unwrap(wrapped, context), context)

    def begin_generation(self, now: datetime) -> Generation:
        """Make a new root key, which wraps from now on."""
        return self._file.add(base64.b64encode(new_key()).decode(), now=now)

    def give_up(self, numbers: Collection[int]) -> None:
        """Delete the root keys of these generations."""
        self._file.give_up(numbers)


def _secret(generation: Generation) -> bytes:
    try:
        secret = base64.b64decode(generation.value, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != RAW_BYTES:
        raise KeyringBrokenError("KEYRING_PATH: a key of it is damaged") from None
    return secret


def _place(context: KeyContext) -> Place:
    organization_id = context.organization_id
    return Place(organization_id, "keyring", context.name, organization_id)
