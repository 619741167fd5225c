"""moto's server, which keeps objects in memory and holds nobody to any policy.

What it does not do: it does not judge bucket policies, encrypt, check who signs, or
run lifecycle rules; a bucket whose versions are suspended loses the older ones. It does
keep versions, uploads in parts, ranges, conditions on a
write, and object lock's refusal to delete a version.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection

from moto.server import ThreadedMotoServer

from tests.fakes.s3.proxy import S3, in_front_of


@cache
def _moto() -> tuple[str, int]:
    """Start it once: it takes seconds, and its threads end with the process."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    return server.get_host_and_port()


@contextmanager
def s3() -> Iterator[S3]:
    """Serve an empty storage until the block ends."""
    host, port = _moto()
    _empty(host, port)
    with in_front_of(host, port) as service:
        yield service


def _empty(host: str, port: int) -> None:
    connection = HTTPConnection(host, port, timeout=10)
    connection.request("POST", "/moto-api/reset")
    assert connection.getresponse().status == 200
    connection.close()
