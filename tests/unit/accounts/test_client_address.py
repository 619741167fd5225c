import pytest
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from accounts.client_address import NOWHERE, client_address
from accounts.passwords.sign_in_tries import client_key

PEER = "198.51.100.7"
anything = st.text(st.characters(min_codepoint=32, max_codepoint=126))


def _request(said: str | None = None, peer: str = PEER):
    headers = {} if said is None else {"HTTP_X_FORWARDED_FOR": said}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers)


class TestClientAddress:
    @given(said=anything)
    def test_is_the_peers_without_a_proxy_whatever_a_header_says(self, said: str):
        assert client_address(_request(said)) == PEER

    @given(invented=anything)
    @pytest.mark.parametrize("proxies", [1, 2])
    def test_behind_proxies_is_what_the_first_of_them_saw(
        self, proxies: int, invented: str
    ):
        said = f"{invented}, 192.0.2.1" + ", 192.0.2.200" * (proxies - 1)

        with override_settings(TRUSTED_PROXIES=proxies):
            assert client_address(_request(said)) == "192.0.2.1"

    def test_is_the_peers_when_the_proxy_says_nothing(self, settings):
        settings.TRUSTED_PROXIES = 1

        assert client_address(_request()) == PEER

    @pytest.mark.parametrize("said", ["unknown", "192.0.2.1:1234", "_hidden", "::x"])
    def test_that_is_none_is_nobodys(self, settings, said: str):
        settings.TRUSTED_PROXIES = 1

        assert client_address(_request(said)) == NOWHERE

    def test_of_ipv4_is_the_same_in_the_clothes_of_ipv6(self):
        assert client_address(_request(peer="::ffff:192.0.2.1")) == "192.0.2.1"


class TestClientKey:
    @pytest.mark.parametrize(
        ("peer", "key"),
        [
            ("192.0.2.1", "192.0.2.1/32"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("", "0.0.0.0/32"),
        ],
    )
    def test_is_one_for_all_that_one_client_has(self, peer: str, key: str):
        assert client_key(_request(peer=peer)) == key
