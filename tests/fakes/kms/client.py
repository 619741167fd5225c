"""How the tests reach the key service: by the product's own provider."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from botocore import endpoint

from compliance.keys.aws_kms import AwsKms
from tests.fakes.kms.keys import Key
from tests.fakes.kms.server import Kms

DAY = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


def lend_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the SDK something to sign with, and nobody else to ask for it.

    It tries again as ever, but does not wait before it does.
    """
    monkeypatch.setattr(endpoint, "time", SimpleNamespace(sleep=lambda _seconds: None))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/EXAMPLEKEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)


def provider(service: Kms, key: Key, folder: Path) -> AwsKms:
    return AwsKms(
        key.arn,
        endpoint_url=service.url,
        generations=folder / "kms-generations",
        clock=lambda: DAY,
    )
