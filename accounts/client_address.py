"""Where a request comes from, as far as it can be believed."""

from ipaddress import ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest

NOWHERE: Final = "0.0.0.0"  # noqa: S104 -- an address that nobody has, not a place to listen


def client_address(request: HttpRequest) -> str:
    """Return the address of the client, IPv4 or IPv6.

    Each of the `TRUSTED_PROXIES` proxies in front of us adds the address it was called
    from at the end of `X-Forwarded-For`. What stands before those was written by the
    client, who may write anything; with no proxy the header is not read at all.
    """
    behind: int = settings.TRUSTED_PROXIES
    peer = request.META.get("REMOTE_ADDR", "")
    said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    chain = [part.strip() for part in said if part.strip()] + [peer]
    address = chain[-1 - behind] if behind < len(chain) else peer
    try:
        found = ip_address(address)
    except ValueError:
        return NOWHERE
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


def network_of(address: str) -> str:
    """Return the network that one client has: of IPv6 a /64, of IPv4 the address.

    What counts tries counts by it: who has one address of a /64 has them all.

    Args:
        address: As `client_address` returns it.
    """
    plain = address.partition("%")[0]
    width = 64 if ":" in plain else 32
    return str(ip_network(f"{plain}/{width}", strict=False))
