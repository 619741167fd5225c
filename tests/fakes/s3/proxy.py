"""Stands between the SDK and the storage: counts what was asked, and can fail."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    "<Error><Code>{code}</Code><Message>as published</Message></Error>"
)
_TROUBLES = {
    "403": (403, "AccessDenied"),
    "404": (404, "NoSuchKey"),
    "500": (500, "InternalError"),
    "503": (503, "SlowDown"),
}
_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass(frozen=True)
class Asked:
    """One request that was passed on or failed; sizes in bytes."""

    method: str
    path: str
    range: str
    headers: dict[str, str]
    got: int
    sent: int


@dataclass
class S3:
    """The storage as the SDK sees it, and how it answers.

    Attributes:
        trouble: ``403``, ``404``, ``500``, ``503``, ``never``, ``cut`` (the connection
            ends without an answer), ``half`` (it ends within the answer) or empty.
        passes: How many requests still go well before the trouble begins.
        hits: Which requests the trouble is for; all by default.
    """

    behind: tuple[str, int]
    url: str = ""
    trouble: str = ""
    passes: int = 0
    hits: Callable[[str, str], bool] = lambda _method, _path: True
    asked: list[Asked] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)

    def heal(self) -> None:
        self.trouble, self.passes = "", 0
        self.hits = lambda _method, _path: True
        self.asked.clear()

    def of(self, method: str) -> list[Asked]:
        return [one for one in self.asked if one.method == method]

    def trouble_of(self, method: str, path: str) -> str:
        if not self.trouble or not self.hits(method, path):
            return ""
        if self.passes:
            self.passes -= 1
            return ""
        return self.trouble


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: S3

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        trouble = self.service.trouble_of(self.command, self.path)
        status, headers, body = 0, [], b""
        if trouble in _TROUBLES:
            status, code = _TROUBLES[trouble]
            body = _ERROR.format(code=code).encode()
        elif trouble not in {"never", "cut"}:
            status, headers, body = self._behind(raw)
        self._note(raw, body)
        if trouble == "never":
            self.service.gone.wait(30)
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _BY_HOP:
                self.send_header(name, value)
        length = dict(headers).get("Content-Length", "0")
        is_head = self.command == "HEAD"
        self.send_header("Content-Length", length if is_head else str(len(body)))
        self.end_headers()
        if not is_head:
            self.wfile.write(body[: len(body) // 2] if trouble == "half" else body)
        self.close_connection = trouble == "half"

    def _behind(self, raw: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(*self.service.behind, timeout=30)
        connection.request(self.command, self.path, raw, dict(self.headers))
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), body

    def _note(self, raw: bytes, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.service.asked.append(
            Asked(
                self.command,
                self.path,
                headers.get("range", ""),
                headers,
                len(raw),
                len(body),
            )
        )

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # a client's idle connection must not hold the end up


@contextmanager
def in_front_of(host: str, port: int) -> Iterator[S3]:
    """Serve what `host` and `port` serve until the block ends."""
    service = S3((host, port))
    handler = type("Handler", (_Handler,), {"service": service})
    with _Server(("127.0.0.1", 0), handler) as server:
        service.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield service
        finally:
            service.gone.set()
            server.shutdown()
            thread.join()
