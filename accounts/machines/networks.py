"""Lists of networks, as ``192.0.2.0/24, 2001:db8::/32``."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

NETWORKS_AT_MOST: Final = 50

Network = IPv4Network | IPv6Network


class NetworkError(ValueError):
    """What was written is no network; the message says how to write it."""


def read_network(text: str) -> str:
    """Return one network in its usual form; a single address is a network of one.

    Raises:
        NetworkError: If it is none, or everything.
    """
    try:
        found = ip_network(text.strip())
    except ValueError:
        raise NetworkError(_what_is_wrong(text.strip())) from None
    if found.prefixlen == 0:
        raise NetworkError("This is every address. Leave the list empty instead.")
    return str(found)


def _what_is_wrong(text: str) -> str:
    """Return a sentence with the network that was probably meant, if any."""
    try:
        meant = ip_network(text, strict=False)
    except ValueError:
        return "This is no network. Write it as 192.0.2.0/24 or 192.0.2.7."
    return f"This network begins at another address. Write {meant}."


def contains(networks: Iterable[str], address: str) -> bool:
    """Return whether the address lies in one of the networks."""
    found = ip_address(address)
    return any(found in ip_network(one) for one in networks)


def read_networks(texts: Sequence[str]) -> list[str]:
    """Return the networks, each once, in the order given.

    Raises:
        NetworkError: If one of them is none, or there are too many.
    """
    if len(texts) > NETWORKS_AT_MOST:
        raise NetworkError(f"At most {NETWORKS_AT_MOST} networks.")
    return list(dict.fromkeys(read_network(text) for text in texts))
