import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
import uvicorn
from django.core.asgi import get_asgi_application

from compliance.ledger.models import AuditLog
from tests.cast import Cast, make_cast
from tests.integration.accounts.passwords.conftest import LINK

PATH = "/accounts/password/reset/"
OURS = "127.0.0.1"


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


class QuietServer(uvicorn.Server):
    @contextmanager
    def capture_signals(self):
        yield


@pytest.fixture
def port(people: Cast) -> Iterator[int]:
    with socket.create_server((OURS, 0)) as listening:
        config = uvicorn.Config(
            get_asgi_application(), lifespan="off", access_log=False, log_level="error"
        )
        server = QuietServer(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = server.force_exit = True
        thread.join()


def _send(port: int, *lines: str, body: str = "") -> str:
    with socket.create_connection((OURS, port), timeout=20) as wire:
        head = "\r\n".join([*lines, "Connection: close", "", ""])
        wire.sendall((head + body).encode())
        return b"".join(iter(lambda: wire.recv(65536), b"")).decode()


def _ask(port: int, email: str, *, target: str = PATH, hosts: list[str]) -> int:
    page = _send(port, f"GET {PATH} HTTP/1.1", f"Host: {OURS}")
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    cookie = re.search(r"(?im)^set-cookie: (csrftoken=[^;]+)", page).group(1)
    body = urlencode({"csrfmiddlewaretoken": token, "email": email})
    answer = _send(
        port,
        f"POST {target} HTTP/1.1",
        *(f"Host: {host}" for host in hosts),
        f"Cookie: {cookie}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        body=body,
    )
    return int(answer.split(" ")[1])


def _refused(since: set) -> int:
    rows = AuditLog.unscoped.filter(action="accounts.password_reset.refused")
    return len(set(rows.values_list("pk", flat=True)) - since)


class TestHostOverTheWire:
    """A client of our own making says what no library would."""

    def test_of_a_plain_request_is_ours(self, people: Cast, port: int, letters):
        assert _ask(port, people.ben.email, hosts=[OURS]) == 302
        assert [letter[0] for letter in letters()] == [people.ben.email]

    def test_in_the_request_line_changes_no_link(
        self, people: Cast, port: int, letters
    ):
        target = f"http://evil.example{PATH}"

        status = _ask(port, people.ben.email, target=target, hosts=[OURS])

        assert status in {302, 400, 404}
        links = [LINK.search(letter[2]).group() for letter in letters()]
        assert [
            one for one in links if not one.startswith("http://127.0.0.1:8000/")
        ] == []

    @pytest.mark.parametrize(
        "hosts", [[OURS, "evil.example"], ["evil.example", OURS], [OURS, OURS]]
    )
    def test_that_is_named_twice_does_not_reach_us(
        self, people: Cast, port: int, letters, hosts: list[str]
    ):
        assert _ask(port, people.ben.email, hosts=hosts) == 400
        assert letters() == []

    def test_that_is_anothers_is_refused_and_written_down(
        self, people: Cast, port: int, letters
    ):
        rows = AuditLog.unscoped.filter(action="accounts.password_reset.refused")
        before = set(rows.values_list("pk", flat=True))

        status = _ask(port, people.ben.email, hosts=["evil.example"])

        assert status == 400
        assert letters() == []
        assert _refused(before) == 1
