from collections.abc import Iterator

import pytest

from tests.fakes.kms import Kms, kms
from tests.fakes.kms.client import lend_credentials
from tests.fakes.kms.keys import Key


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kms]:
    lend_credentials(monkeypatch)
    with kms() as running:
        yield running


@pytest.fixture
def key(service: Kms) -> Key:
    return service.room.add()
