import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from compliance.ledger.signer import signer
from tests.cast_fixtures import cast, day, signed_in

__all__ = ["cast", "day", "signed_in"]


@pytest.fixture
def replace_key(settings, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Put a new key in the place of the record's; returns the old public half."""

    def replace() -> str:
        old = signer().verifier.as_text()
        path = tmp_path / "next_ledger_key"
        path.write_bytes(os.urandom(32))
        settings.LEDGER_KEY_PATH = path
        settings.LEDGER_OLD_KEYS = [old]
        signer.cache_clear()
        return old

    yield replace
    signer.cache_clear()
