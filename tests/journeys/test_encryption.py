"""The keys of a clinic's data, as an owner and as an operator see them."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from accounts.models import User
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import tove
from tests.integration.compliance.keys.conftest import forget
from tests.journeys.test_operators import _become, _look

__all__ = ["tove"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "operator"]),
]


@pytest.fixture(params=["software", "service"])
def provider(request, settings) -> Iterator[None]:
    """Name a key service that is away, whose key has a long name; or none."""
    if request.param == "service":
        settings.KMS_KEY_ID = f"arn:aws:kms:eu-central-1:111122223333:key/{uuid4()}"
        settings.KMS_ENDPOINT_URL = "http://127.0.0.1:1"
        settings.KEY_STORE_DIR = settings.DATA_DIR / "keys-of-a-service"
    forget()
    yield
    forget()


class TestEncryption:
    def test_has_no_violation_and_no_overflow(self, adas_page: Page, provider: None):
        assert (
            _look(adas_page, {"encryption": "/app/settings/encryption/"}, "body") == {}
        )

    def test_has_none_on_the_operators_page(
        self, page: Page, provider: None, tove: User, signed_in: SignIn, live_server
    ):
        _become(page, signed_in(tove), live_server)

        assert (
            _look(page, {"operators-encryption": "/admin/encryption/"}, ".desk") == {}
        )
