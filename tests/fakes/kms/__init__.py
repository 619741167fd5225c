"""A small key service that speaks the wire protocol of AWS KMS (JSON 1.1)."""

from tests.fakes.kms.server import Kms, kms

__all__ = ["Kms", "kms"]
