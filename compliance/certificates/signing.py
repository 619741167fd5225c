"""The signature of a certificate: the hash of what it says, as a signed note.

It is the ledger's key that signs: owners have its public half by letter each week. The
first line says that this is no checkpoint, and no checkpoint could begin so.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from compliance.certificates.models import DeletionCertificate
from compliance.ledger.signer import Signer, keys_of


def canonical(body: Mapping[str, Any]) -> str:
    """Return the one text of a body: names in order, no blanks between."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a body, 64 hex digits."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def sign(body: Mapping[str, Any], signer: Signer) -> str:
    """Return the signed note of a body."""
    origin = f"{signer.verifier.name}/certificates/{body['clinic']['id']}"
    lines = [
        origin,
        f"certificate {body['number']}",
        f"sha256 {hash_of(body)}",
        f"issued {body['issued_at']}",
    ]
    return signer.sign("\n".join(lines) + "\n")


def keys_of_certificate(found: DeletionCertificate) -> str:
    """Return the public keys that signed it and the lines in it, as the program takes.

    They are of then: the key may have been replaced since.
    """
    lines = found.body["record"]["lines"]
    return keys_of([found.note, *(line["checkpoint"] for line in lines)])
