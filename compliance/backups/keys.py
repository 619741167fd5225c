"""The key that closes backups: a file of its own, for nothing else.

Neither the keyring nor the key store is in a backup; this key opens no clinic's data
by itself, and whoever has the keyring alone opens no backup.
"""

import hashlib
from pathlib import Path
from typing import Final

from compliance.backups.errors import BackupRefusedError

KEY_BYTES: Final = 32


def read_key(path: Path) -> bytes:
    """Return the key.

    Raises:
        BackupRefusedError: If there is no such file or it is not 32 bytes.
    """
    try:
        key = path.read_bytes()
    except OSError:
        raise BackupRefusedError("BACKUP_KEY_PATH cannot be read") from None
    if len(key) != KEY_BYTES:
        raise BackupRefusedError("BACKUP_KEY_PATH must hold exactly 32 bytes")
    return key


def key_id(key: bytes) -> str:
    """Return what a manifest names the key by; it tells nothing about it."""
    return hashlib.sha256(b"sondervoice backup key id" + key).hexdigest()[:16]
