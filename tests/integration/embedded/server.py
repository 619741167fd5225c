"""A stand-in for web or media: answers /readyz, and has a child of its own.

``python server.py PORT MARK [stubborn]``; MARK is there to be found among processes.
``GET /exit`` makes it crash; a stubborn one ignores SIGTERM.
"""

import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/exit":
            os._exit(7)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        sys.stderr.write("asked\n")


def main() -> None:
    if "stubborn" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    subprocess.Popen(  # noqa: S603 (our own Python)
        [sys.executable, "-c", "import signal; signal.pause()", sys.argv[2]]
    )
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()


if __name__ == "__main__":
    main()
