"""Signed notes: text that anybody can check with a public key and no program of ours.

A checkpoint says how many rows an organization's record has and what their root is; it
is a note, so it can be kept in a file, printed in a letter, or read aloud.

Source:
    https://c2sp.org/signed-note and https://c2sp.org/tlog-checkpoint, read 2026-11-26.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from compliance.ledger.tree import HASH_BYTES, Head

_ED25519: Final = b"\x01"
_SIGNED: Final = "\u2014 "
_ID_BYTES: Final = 4
_AT: Final = "%Y-%m-%dT%H:%M:%SZ"


class NoteBrokenError(Exception):
    """The note is not one of ours, or was changed."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key and the name it signs by.

    Attributes:
        key: 32 bytes, Ed25519.
    """

    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature says which key made it."""
        named = self.name.encode() + b"\n" + _ED25519 + self.key
        return hashlib.sha256(named).digest()[:_ID_BYTES]

    def as_text(self) -> str:
        """Return the key as tools of this format take it: name+id+key."""
        return f"{self.name}+{self.key_id.hex()}+{_b64(_ED25519 + self.key)}"

    @staticmethod
    def from_text(text: str) -> "Verifier":
        """Return the key of such a line.

        Raises:
            NoteBrokenError: If it is none, or its id is not its own.
        """
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        key = _unb64(encoded)
        if not name or len(key) != 33 or key[:1] != _ED25519:
            raise NoteBrokenError("this is no Ed25519 verifier key")
        verifier = Verifier(name, key[1:])
        if verifier.key_id.hex() != key_id:
            raise NoteBrokenError("the key's id is not its own")
        return verifier


def attach_signature(text: str, *, verifier: Verifier, signature: bytes) -> str:
    """Return the note: its text, an empty line, and who signed it."""
    line = _SIGNED + f"{verifier.name} {_b64(verifier.key_id + signature)}\n"
    return f"{text}\n{line}"


def open_note(note: str, verifier: Verifier) -> str:
    """Return the text of a note that this key signed.

    Raises:
        NoteBrokenError: If it is no note or this key did not sign it.
    """
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise NoteBrokenError("this is no signed note")
    text += "\n"
    for line in signatures.splitlines():
        name, _, encoded = line.removeprefix(_SIGNED).partition(" ")
        if not line.startswith(_SIGNED) or name != verifier.name:
            continue
        blob = _unb64(encoded)
        if blob[:_ID_BYTES] != verifier.key_id:
            continue
        if not _is_signed(text, blob[_ID_BYTES:], verifier):
            break
        return text
    raise NoteBrokenError("the note is not signed by this key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How far an organization's record had come.

    Attributes:
        origin: Names the record, as ``sondervoice.example/<organization id>``.
        previous: SHA-256 of the note before, 64 hex digits; empty for the first.
    """

    origin: str
    head: Head
    sealed_at: datetime
    previous: str = ""

    def as_text(self) -> str:
        """Return the note's text."""
        at = self.sealed_at.astimezone(UTC).strftime(_AT)
        lines = [self.origin, str(self.head.size), _b64(self.head.root), f"sealed {at}"]
        if self.previous:
            lines.append(f"previous {self.previous}")
        return "\n".join(lines) + "\n"

    @staticmethod
    def from_text(text: str) -> "Checkpoint":
        """Return what the text of a note says.

        Raises:
            NoteBrokenError: If it is no checkpoint.
        """
        lines = text.split("\n")
        if len(lines) < 5 or not lines[0] or not _is_count(lines[1]):
            raise NoteBrokenError("this is no checkpoint")
        root = _unb64(lines[2])
        said = dict(line.split(" ", 1) for line in lines[3:] if " " in line)
        try:
            at = datetime.strptime(said["sealed"], _AT).replace(tzinfo=UTC)
        except (KeyError, ValueError):
            raise NoteBrokenError("the checkpoint says no time") from None
        if len(root) != HASH_BYTES:
            raise NoteBrokenError("the root is no SHA-256")
        return Checkpoint(
            origin=lines[0],
            head=Head(int(lines[1]), root),
            sealed_at=at,
            previous=said.get("previous", ""),
        )


def text_of(note: str) -> str:
    """Return what a note says, whoever signed it."""
    return note.rpartition("\n\n")[0] + "\n"


def note_hash(note: str) -> str:
    """Return the SHA-256 by which the next checkpoint names this one."""
    return hashlib.sha256(note.encode()).hexdigest()


def _is_signed(text: str, signature: bytes, verifier: Verifier) -> bool:
    key = Ed25519PublicKey.from_public_bytes(verifier.key)
    try:
        key.verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0")


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unb64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteBrokenError("this is not base64") from None
