from contextlib import suppress
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.machines.networks import (
    NetworkError,
    contains,
    read_network,
    read_networks,
)

addresses = st.ip_addresses()
prefixes = st.integers(1, 32)


class TestNetwork:
    @given(addresses)
    def test_of_one_address_holds_it_and_no_neighbour(self, address):
        network = read_network(str(address))
        neighbour = type(address)(int(address) ^ 1)

        assert contains([network], str(address))
        assert not contains([network], str(neighbour))

    @given(addresses, prefixes)
    def test_is_read_back_as_it_was_written(self, address, prefix):
        network = ip_network(f"{address}/{prefix}", strict=False)

        assert read_network(str(network)) == str(network)

    @given(addresses, prefixes)
    def test_that_begins_elsewhere_is_refused_with_the_one_that_was_meant(
        self, address, prefix
    ):
        meant = ip_network(f"{address}/{prefix}", strict=False)
        if meant.network_address == address:
            return

        with pytest.raises(NetworkError, match=str(meant)):
            read_network(f"{address}/{prefix}")

    @given(st.text())
    def test_of_any_text_is_one_or_is_refused(self, text):
        with suppress(NetworkError):
            found = read_network(text)
            assert str(ip_network(found)) == found

    @pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0"])
    def test_is_not_everything(self, text):
        with pytest.raises(NetworkError, match="every address"):
            read_network(text)

    def test_of_the_one_kind_holds_none_of_the_other(self):
        assert not contains(["192.0.2.0/24"], "2001:db8::1")


class TestNetworks:
    def test_stand_once_each_in_their_order(self):
        given_twice = ["192.0.2.7", "198.51.100.0/24", "192.0.2.7/32"]

        assert read_networks(given_twice) == ["192.0.2.7/32", "198.51.100.0/24"]

    def test_are_fifty_at_most(self):
        many = [f"192.0.2.{n}" for n in range(51)]

        assert len(read_networks(many[:50])) == 50
        with pytest.raises(NetworkError, match="At most 50"):
            read_networks(many)
