"""The key service on loopback. It does not verify who signs a request."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.fakes.kms.keys import KeyRoom, KmsError

PREFIX = "TrentService."


@dataclass
class Kms:
    """The service, and how it answers.

    Attributes:
        trouble: ``429``, ``500``, ``never`` or empty: what happens instead of an
            answer.
        asked: The operations that were asked for, with their arguments.
    """

    room: KeyRoom = field(default_factory=KeyRoom)
    url: str = ""
    trouble: str = ""
    asked: list[tuple[str, dict]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)

    def count(self, operation: str) -> int:
        return sum(name == operation for name, _ in self.asked)

    def answer(self, target: str, body: bytes) -> tuple[int, dict]:
        said = json.loads(body)
        name = target.removeprefix(PREFIX)
        self.asked.append((name, said))
        if self.trouble == "429":
            return 429, {"__type": "ThrottlingException", "message": "Rate exceeded"}
        if self.trouble == "500":
            return 500, {"__type": "KMSInternalException"}
        operation = self.room.operations.get(name)
        if operation is None or not target.startswith(PREFIX):
            return 400, {"__type": "UnknownOperationException"}
        try:
            return 200, operation(said)
        except KmsError as error:
            return error.status, {"__type": error.code, "message": "as published"}


@contextmanager
def kms() -> Iterator[Kms]:
    """Serve keys until the block ends."""
    service = Kms()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            if service.trouble == "never":
                service.asked.append(("never", {}))
                service.gone.wait(30)
                self.close_connection = True
                return
            assert self.headers["Content-Type"] == "application/x-amz-json-1.1"
            status, said = service.answer(self.headers["X-Amz-Target"], raw)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True  # a client's idle connection must not hold the end up

    with Server(("127.0.0.1", 0), Handler) as server:
        service.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield service
        finally:
            service.gone.set()
            server.shutdown()
            thread.join()
