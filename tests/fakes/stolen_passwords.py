"""A list of stolen passwords that is asked by range, on loopback."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class StolenPasswords:
    """What the list holds, how it answers, and what it was asked.

    Attributes:
        waits_s: Before its answer begins.
        asked: Each request's path and whether it wanted padding.
    """

    known: list[str] = field(default_factory=list)
    padding: list[str] = field(default_factory=list)
    status: int = 200
    waits_s: float = 0
    url: str = ""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)

    def endings(self, prefix: str) -> str:
        lines = ["0018A45C4D1DEF81644B54AB7F969B88D65:3"]
        for count, words in ((42, self.known), (0, self.padding)):
            lines += [
                f"{digest[5:]}:{count}"
                for digest in map(sha1, words)
                if digest.startswith(prefix)
            ]
        return "\r\n".join(lines)


def sha1(word: str) -> str:
    return hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest().upper()


@contextmanager
def stolen_passwords() -> Iterator[StolenPasswords]:
    """Serve a list until the block ends."""
    told = StolenPasswords()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.path, self.headers["Add-Padding"]))
            told.gone.wait(told.waits_s)
            body = told.endings(self.path.rpartition("/")[2]).encode()
            self.send_response(told.status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            if not told.gone.is_set():
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}/range/"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield told
        finally:
            told.gone.set()
            server.shutdown()
            thread.join()
