"""The one door through which sign-in asks another server: small, quick, nowhere else.

The address comes from a clinic, so it may be a trap. The name is resolved once, each
address of it must be a public one, and the connection goes to that very address; no
redirect is followed, no proxy of the environment asked.
"""

import socket
import ssl
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from accounts.sso.errors import SsoRefusedError

WAIT_S: Final = 5.0
MOST_BYTES: Final = 64 * 1024

# Addresses that a gateway turns into IPv4, RFC 6052.
_NAT64: Final = IPv6Network("64:ff9b::/96")
_UNREACHABLE: Final = (
    "The directory did not answer as it should. Try again, or tell an owner."
)


def fetch(
    url: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
) -> bytes:
    """Return what the server answers with 200; with a body the request is a POST.

    Raises:
        SsoRefusedError: If the address is not one we go to, or it does not answer 200
            within 5 s and 64 KB.
    """
    parts = check_address(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connect(parts)
    # Whatever the other side does, the socket is gone after the time.
    is_late = threading.Event()
    timer = threading.Timer(WAIT_S, _cut, [connection.sock, is_late])
    timer.start()
    try:
        if isinstance(connection.sock, ssl.SSLSocket):
            connection.sock.do_handshake()
        connection.request("POST" if body else "GET", path, body, headers or {})
        answer = connection.getresponse()
        found = answer.read(MOST_BYTES + 1)
    except (OSError, ValueError, HTTPException):
        raise SsoRefusedError("fetch", _UNREACHABLE) from None
    finally:
        timer.cancel()
        connection.close()
    if is_late.is_set() or answer.status != 200 or len(found) > MOST_BYTES:
        raise SsoRefusedError("fetch", _UNREACHABLE)
    return found


def check_address(url: str) -> SplitResult:
    """Return the parts of an address that we would go to, or send somebody to.

    Raises:
        SsoRefusedError: If it is none: not HTTPS (but for loopback under tests), with a
            name and password, or without a host.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise SsoRefusedError("address", _UNREACHABLE) from None
    is_plain = any(ord(one) <= 32 or ord(one) == 127 for one in url)
    schemes = {"https", "http"} if settings.SSO_ALLOWS_LOOPBACK else {"https"}
    if is_plain or parts.scheme not in schemes or not host or "@" in parts.netloc:
        raise SsoRefusedError("address", _UNREACHABLE)
    return parts


def _connect(parts: SplitResult) -> HTTPConnection:
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _resolve(host, port)
    try:
        raw = socket.create_connection((address, port), timeout=WAIT_S)
    except OSError:
        raise SsoRefusedError("fetch", _UNREACHABLE) from None
    if parts.scheme != "https":
        connection = HTTPConnection(host, port, timeout=WAIT_S)
        connection.sock = raw
        return connection
    connection = HTTPSConnection(host, port, timeout=WAIT_S)
    connection.sock = ssl.create_default_context().wrap_socket(
        raw, server_hostname=host, do_handshake_on_connect=False
    )
    return connection


def _resolve(host: str, port: int) -> str:
    """Return the one address to go to; all of the name's must be allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ip_address(one[4][0]) for one in found]
    except (OSError, ValueError, UnicodeError):
        raise SsoRefusedError("fetch", _UNREACHABLE) from None
    if not addresses or not all(map(_is_allowed, addresses)):
        raise SsoRefusedError("address", _UNREACHABLE)
    return str(addresses[0])


def _is_allowed(address: IPv4Address | IPv6Address) -> bool:
    inner = _inner(address)
    if inner is not None:
        return _is_allowed(inner)
    if address.is_loopback:
        return bool(settings.SSO_ALLOWS_LOOPBACK)
    return address.is_global and not address.is_multicast


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _cut(sock: socket.socket, is_late: threading.Event) -> None:
    is_late.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
