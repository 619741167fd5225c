"""Asks the DNS whether a clinic's proof stands where it should."""

from enum import Enum
from typing import Final

import dns.exception
import dns.nameserver
import dns.resolver
from django.conf import settings

from accounts.sso.domain_names import record_name, record_value

WAIT_S: Final = 3.0


class Proof(Enum):
    """What the DNS said."""

    THERE = "there"
    MISSING = "missing"
    NO_ANSWER = "no_answer"


def look_up(domain: str, token: str) -> Proof:
    """Return whether one TXT record of the name says exactly what it must.

    A resolver that does not answer within 3 s proves nothing either way.
    """
    try:
        answer = _resolver().resolve(
            f"{record_name(domain)}.", "TXT", lifetime=WAIT_S, search=False
        )
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return Proof.MISSING
    except (dns.exception.DNSException, OSError):
        return Proof.NO_ANSWER
    wanted = record_value(token).encode()
    said = {b"".join(record.strings) for record in answer}
    return Proof.THERE if wanted in said else Proof.MISSING


def _resolver() -> dns.resolver.Resolver:
    named: list[str] = settings.DNS_RESOLVERS
    if not named:
        return dns.resolver.Resolver()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [_server(one) for one in named]
    return resolver


def _server(written: str) -> dns.nameserver.Nameserver:
    """Return ``address``, ``address:port`` or ``[v6 address]:port`` as a server."""
    address, _, port = written.rpartition(":")
    if not address or "]" in port or (":" in address and "[" not in address):
        return dns.nameserver.Do53Nameserver(written.strip("[]"), 53)
    return dns.nameserver.Do53Nameserver(address.strip("[]"), int(port))
