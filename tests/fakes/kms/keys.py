"""The keys of the key service: real AES-GCM, states, encryption contexts.

A ciphertext is ``key id (36) | nonce (12) | ciphertext | tag``; the context, sorted, is
authenticated with it. It says itself which key made it, as the real one does.
"""

import base64
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

REGION = "eu-central-1"
ACCOUNT = "111122223333"
Said = dict[str, Any]


class KmsError(Exception):
    """An answer that is an error, by its published name."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass
class Key:
    id: str = field(default_factory=lambda: str(uuid4()))
    state: str = "Enabled"
    origin: str = "AWS_KMS"
    material: bytes = field(default_factory=lambda: os.urandom(32))
    # Of the service's own rotation: null while it is off, as a new key begins.
    rotated_every_days: int | None = None
    next_rotation_s: float = 0

    @property
    def arn(self) -> str:
        return f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{self.id}"


class KeyRoom:
    """Keeps keys and does what is asked by the published names."""

    def __init__(self) -> None:
        self.keys: dict[str, Key] = {}
        self.operations: dict[str, Callable[[Said], Said]] = {
            "Encrypt": self.encrypt,
            "Decrypt": self.decrypt,
            "ReEncrypt": self.re_encrypt,
            "GenerateDataKey": self.generate_data_key,
            "DescribeKey": self.describe_key,
            "GetKeyRotationStatus": self.get_key_rotation_status,
            "DisableKey": lambda said: self._put(said, "Disabled"),
            "EnableKey": lambda said: self._put(said, "Enabled"),
            "ScheduleKeyDeletion": self.schedule_key_deletion,
        }

    def add(self) -> Key:
        key = Key()
        self.keys[key.id] = key
        return key

    def encrypt(self, said: Said) -> Said:
        key = self._usable(said["KeyId"])
        plain = base64.b64decode(said["Plaintext"])
        if not 1 <= len(plain) <= 4096:
            raise KmsError("ValidationException")
        blob = _seal(key, plain, said.get("EncryptionContext"))
        return {"CiphertextBlob": blob, "KeyId": key.arn}

    def decrypt(self, said: Said) -> Said:
        raw = base64.b64decode(said["CiphertextBlob"])
        key, plain = self._open(raw, said.get("EncryptionContext"), said.get("KeyId"))
        return {"Plaintext": _b64(plain), "KeyId": key.arn}

    def re_encrypt(self, said: Said) -> Said:
        raw = base64.b64decode(said["CiphertextBlob"])
        source, plain = self._open(
            raw, said.get("SourceEncryptionContext"), said.get("SourceKeyId")
        )
        key = self._usable(said["DestinationKeyId"])
        blob = _seal(key, plain, said.get("DestinationEncryptionContext"))
        return {"CiphertextBlob": blob, "SourceKeyId": source.arn, "KeyId": key.arn}

    def generate_data_key(self, said: Said) -> Said:
        plain = os.urandom(said.get("NumberOfBytes", 32))
        asked = {**said, "Plaintext": _b64(plain)}
        return {**self.encrypt(asked), "Plaintext": _b64(plain)}

    def describe_key(self, said: Said) -> Said:
        key = self._find(said["KeyId"])
        return {
            "KeyMetadata": {
                "KeyId": key.id,
                "Arn": key.arn,
                "KeyState": key.state,
                "Enabled": key.state == "Enabled",
                "Origin": key.origin,
            }
        }

    def get_key_rotation_status(self, said: Said) -> Said:
        key = self._find(said["KeyId"])
        if key.origin != "AWS_KMS":
            raise KmsError("UnsupportedOperationException")
        if key.rotated_every_days is None:
            return {"KeyRotationEnabled": False, "KeyId": key.arn}
        return {
            "KeyRotationEnabled": True,
            "KeyId": key.arn,
            "RotationPeriodInDays": key.rotated_every_days,
            "NextRotationDate": key.next_rotation_s,
        }

    def schedule_key_deletion(self, said: Said) -> Said:
        days = said.get("PendingWindowInDays", 30)
        if not 7 <= days <= 30:
            raise KmsError("ValidationException")
        self._put(said, "PendingDeletion")
        key = self._find(said["KeyId"])
        return {
            "KeyId": key.arn,
            "KeyState": key.state,
            "PendingWindowInDays": days,
        }

    def _put(self, said: Said, state: str) -> Said:
        key = self._find(said["KeyId"])
        if key.state == "PendingDeletion":
            raise KmsError("KMSInvalidStateException")
        key.state = state
        return {}

    def _find(self, name: str) -> Key:
        key = self.keys.get(name.rpartition("/")[2])
        if key is None or name not in {key.id, key.arn}:
            raise KmsError("NotFoundException")
        return key

    def _usable(self, name: str) -> Key:
        key = self._find(name)
        if key.state == "Disabled":
            raise KmsError("DisabledException")
        if key.state != "Enabled":
            raise KmsError("KMSInvalidStateException")
        return key

    def _open(
        self, raw: bytes, context: Said | None, name: str | None
    ) -> tuple[Key, bytes]:
        key = self.keys.get(raw[:36].decode("ascii", "replace"))
        if key is None:
            raise KmsError("InvalidCiphertextException")
        self._usable(key.id)
        if name is not None and self._find(name) is not key:
            raise KmsError("IncorrectKeyException")
        try:
            body = AESGCM(key.material).decrypt(raw[36:48], raw[48:], _aad(context))
        except (InvalidTag, ValueError):
            raise KmsError("InvalidCiphertextException") from None
        return key, body


def _seal(key: Key, plain: bytes, context: Said | None) -> str:
    nonce = os.urandom(12)
    body = AESGCM(key.material).encrypt(nonce, plain, _aad(context))
    return _b64(key.id.encode() + nonce + body)


def _aad(context: Said | None) -> bytes:
    return json.dumps(context or {}, sort_keys=True).encode()


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
