from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.sso.models import SsoConnection
from accounts.way_back import way_back
from tests.cast import PASSWORD, Cast
from tests.fakes.directory.oidc import OidcProvider
from tests.integration.accounts.sso.browser import travel
from tests.open_redirects import OPEN_REDIRECTS

SITE = "http://testserver/sso/callback/"


def _host(answer) -> str:
    """Return where a browser would go, which reads a backslash as a slash."""
    location = answer.headers["Location"].replace("\\", "/")
    return urlsplit(urljoin(SITE, location)).netloc


def test_there_are_forty_forms():
    assert len(OPEN_REDIRECTS) >= 40


class TestWayBack:
    def test_of_a_password_leaves_no_site(self, cast: Cast):
        hosts = {}
        for form in OPEN_REDIRECTS:
            # Tries to sign in are counted there.
            cache.clear()
            said = {"login": cast.ben.email, "password": PASSWORD, "next": form}
            hosts[form] = _host(Client().post("/accounts/login/", said))

        assert {form: one for form, one in hosts.items() if one != "testserver"} == {}

    def test_of_a_directory_leaves_no_site(
        self, cast: Cast, alders: SsoConnection, directory: OidcProvider
    ):
        hosts = {
            form: _host(travel(Client(), directory, alders, next=form))
            for form in OPEN_REDIRECTS
        }

        assert {form: one for form, one in hosts.items() if one != "testserver"} == {}

    def test_of_an_address_is_not_taken_along(self, cast: Cast, alders: SsoConnection):
        said = {"email": "nora@alder-clinic.example"}

        kept = set()
        for form in OPEN_REDIRECTS:
            client = Client()
            client.post("/sso/", said | {"next": form})
            kept.add(client.session["sso_flow"]["back"])

        assert kept == {""}


class TestPath:
    @pytest.mark.parametrize("path", ["/app/", "/app/calls/?when=all&q=a", "/app/x/"])
    def test_of_ours_is_kept(self, path: str):
        assert way_back(path) == path

    @given(st.text(alphabet="/\\:@.ae \t\n?#%2f", max_size=12))
    def test_leads_to_our_host_or_nowhere(self, written: str):
        kept = way_back(written)

        assert urlsplit(urljoin(SITE, kept.replace("\\", "/"))).netloc == "testserver"
