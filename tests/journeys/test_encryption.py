"""The keys of a clinic's data, as an owner and as an operator see them."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from accounts.models import User
from compliance.keys.keys import keys
from compliance.keys.sealing import Place
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast
from tests.cast_fixtures import SignIn
from tests.integration.accounts.operators.conftest import tove
from tests.integration.compliance.keys.conftest import forget
from tests.journeys.test_operators import _become, _look

__all__ = ["tove"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "operator"]),
]
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture
def sealed(cast: Cast) -> None:
    organization_id = cast.alder.organization.id
    place = Place(organization_id, "diary", "name", organization_id)
    keys().seal_field("words", place, now=utc_now())


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
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [1440, 390])
    def test_can_be_drawn(self, adas_page: Page, sealed: None, scheme: str, width: int):
        adas_page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        adas_page.set_viewport_size({"width": width, "height": 900})
        adas_page.goto("/app/settings/encryption/")
        if PICTURES:
            path = Path(PICTURES) / f"encryption-{width}-{scheme}.png"
            adas_page.screenshot(path=path, full_page=True)

    def test_has_no_violation_and_no_overflow(self, adas_page: Page, provider: None):
        assert _look(adas_page, {"page": "/app/settings/encryption/"}, "body") == {}

    def test_has_none_on_the_operators_page(
        self, page: Page, provider: None, tove: User, signed_in: SignIn, live_server
    ):
        _become(page, signed_in(tove), live_server)

        assert _look(page, {"page": "/admin/encryption/"}, ".desk") == {}
        if PICTURES:
            for width in (390, 1440):
                page.set_viewport_size({"width": width, "height": 900})
                path = Path(PICTURES) / f"operators-{width}.png"
                page.screenshot(path=path, full_page=True)
