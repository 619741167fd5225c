"""Who signs checkpoints: a key that the database never sees."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from compliance.ledger.notes import (
    NoteBrokenError,
    Verifier,
    attach_signature,
    open_note,
)


class SigningKeyBrokenError(Exception):
    """The signing key is missing or is not 32 bytes."""


class Signer(Protocol):
    """Signs with Ed25519 by a name that is published with its public key."""

    @property
    def verifier(self) -> Verifier:
        """The public half."""

    def sign(self, text: str) -> str:
        """Return the signed note of a text."""


class FileSigner:
    """Signs with a key kept in a file, in software."""

    def __init__(self, path: Path, *, name: str) -> None:
        """Read the key.

        Raises:
            SigningKeyBrokenError: If there is no such file or it is not 32 bytes.
        """
        try:
            seed = path.read_bytes()
        except OSError:
            raise SigningKeyBrokenError("LEDGER_KEY_PATH cannot be read") from None
        if len(seed) != 32:
            raise SigningKeyBrokenError("LEDGER_KEY_PATH must hold exactly 32 bytes")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._verifier = Verifier(name, self._key.public_key().public_bytes_raw())

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return self._verifier

    def sign(self, text: str) -> str:
        """Return the signed note of a text."""
        signature = self._key.sign(text.encode())
        return attach_signature(text, verifier=self._verifier, signature=signature)


@lru_cache(maxsize=1)
def signer() -> Signer:
    """Return the signer of this installation, as the settings name it."""
    return FileSigner(Path(settings.LEDGER_KEY_PATH), name=settings.LEDGER_NAME)


def verifiers(own: Verifier) -> list[Verifier]:
    """Return the public keys that are believed: the own one, then those of before.

    Raises:
        SigningKeyBrokenError: If LEDGER_OLD_KEYS names something else.
    """
    try:
        return [own, *map(Verifier.from_text, settings.LEDGER_OLD_KEYS)]
    except NoteBrokenError:
        raise SigningKeyBrokenError(
            "LEDGER_OLD_KEYS must list lines of `ledger key`, with commas between"
        ) from None


def verifier_of(note: str) -> Verifier:
    """Return the key that signed a note of ours; today's if none did."""
    own = signer().verifier
    return next((one for one in verifiers(own) if _has_signed(one, note)), own)


def keys_of(notes: Iterable[str]) -> str:
    """Return the keys that signed these notes, as `check_record.py` takes them."""
    texts = dict.fromkeys(verifier_of(note).as_text() for note in notes)
    return ",".join(texts) or signer().verifier.as_text()


def _has_signed(verifier: Verifier, note: str) -> bool:
    try:
        open_note(note, verifier)
    except NoteBrokenError:
        return False
    return True
