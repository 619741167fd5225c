import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from accounts.sso import fetch as door
from accounts.sso.errors import SsoRefusedError
from accounts.sso.fetch import MOST_BYTES, fetch

# {port} is that of a listener which must never be called.
TARGETS = [
    "http://directory.example/",
    "https://127.0.0.1:{port}/",
    "https://127.1:{port}/",
    "https://2130706433:{port}/",
    "https://0x7f000001:{port}/",
    "https://017700000001:{port}/",
    "https://0.0.0.0:{port}/",
    "https://localhost:{port}/",
    "https://localhost.:{port}/",
    "https://[::1]:{port}/",
    "https://[::]:{port}/",
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://[::ffff:7f00:1]:{port}/",
    "https://[64:ff9b::7f00:1]:{port}/",
    "https://[2002:7f00:1::]:{port}/",
    "https://[2001:0:4136:e378:8000:63bf:80ff:fffe]:{port}/",
    "https://[fe80::1]:{port}/",
    "https://[fc00::1]:{port}/",
    "https://[ff02::1]:{port}/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.0.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://ada@directory.example/",
    "https://ada:word@127.0.0.1:{port}/",
    "https://directory.example\r\nHost: evil/",
    "https://directory.example/ path",
    "https://",
    "https:///path",
    "https://[::1",
    "https://directory.example:99999/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "ftp://127.0.0.1:{port}/",
    "data:application/json,{{}}",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "",
]


class Listener:
    """Takes one connection and lets `speak` answer it."""

    def __init__(self, speak: Callable[[socket.socket], None]) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._speak = speak
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            with line:
                try:
                    line.recv(4096)
                    self._speak(line)
                except OSError:
                    continue

    def stop(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def listen() -> Iterator[Callable[[Callable[[socket.socket], None]], Listener]]:
    made: list[Listener] = []

    def begin(speak: Callable[[socket.socket], None]) -> Listener:
        made.append(Listener(speak))
        return made[-1]

    yield begin
    for one in made:
        one.stop()


def _answer(head: str, body: bytes = b"") -> Callable[[socket.socket], None]:
    return lambda line: line.sendall(head.encode() + b"\r\n\r\n" + body)


class TestAddress:
    @pytest.mark.parametrize("target", TARGETS)
    def test_that_is_no_public_server_is_never_called(
        self, settings, listen, target: str
    ):
        settings.SSO_ALLOWS_LOOPBACK = False
        canary = listen(lambda _line: None)

        with pytest.raises(SsoRefusedError):
            fetch(target.format(port=canary.port))

        assert canary.calls == 0

    def test_with_one_private_place_among_public_ones_is_never_called(
        self, settings, listen, monkeypatch
    ):
        settings.SSO_ALLOWS_LOOPBACK = False
        canary = listen(lambda _line: None)
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, canary.port))
            for place in ("127.0.0.1", "8.8.8.8")
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)

        with pytest.raises(SsoRefusedError):
            fetch(f"https://directory.example:{canary.port}/")

        assert canary.calls == 0


class TestAnswer:
    def test_is_returned(self, listen):
        server = listen(_answer("HTTP/1.1 200 OK\r\nContent-Length: 2", b"{}"))

        assert fetch(f"http://127.0.0.1:{server.port}/") == b"{}"

    @pytest.mark.parametrize("status", [204, 301, 302, 307, 404, 500])
    def test_of_another_status_is_refused_and_not_followed(self, listen, status: int):
        canary = listen(lambda _line: None)
        place = f"http://127.0.0.1:{canary.port}/"
        head = f"HTTP/1.1 {status} X\r\nLocation: {place}\r\nContent-Length: 0"
        server = listen(_answer(head))

        with pytest.raises(SsoRefusedError):
            fetch(f"http://127.0.0.1:{server.port}/")

        assert canary.calls == 0

    def test_that_is_too_long_is_refused(self, listen):
        body = b"x" * (MOST_BYTES + 1)
        server = listen(_answer("HTTP/1.1 200 OK", body))

        with pytest.raises(SsoRefusedError):
            fetch(f"http://127.0.0.1:{server.port}/")

    @pytest.mark.parametrize(
        ("head", "drop"),
        [
            (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
            (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"x"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
            (b"", b"H"),
        ],
    )
    def test_that_comes_in_drops_is_cut_off(self, listen, monkeypatch, head, drop):
        monkeypatch.setattr(door, "WAIT_S", 0.2)
        over = threading.Event()

        def drip(line: socket.socket) -> None:
            line.sendall(head)
            while not over.wait(0.05):
                line.sendall(drop)

        server = listen(drip)

        with pytest.raises(SsoRefusedError):
            fetch(f"http://127.0.0.1:{server.port}/")
        over.set()
