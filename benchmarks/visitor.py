"""A browser without a window: keeps cookies and sends the two forms of the way in."""

import http.client
import re
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode

from benchmarks.serving import HOST

SIGN_IN: Final = "/accounts/login/"
RESET: Final = "/accounts/password/reset/"
FORGET_ME: Final = "/forget-me/"
_TOKEN: Final = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back.

    Attributes:
        length: Of the body, in bytes.
        took_ms: From the request's first byte to the answer's last.
    """

    status: int
    length: int
    took_ms: float


class Visitor:
    """One browser on one connection."""

    def __init__(self, port: int, path: str) -> None:
        """Open the page, for its cookie and its token."""
        self._connection = http.client.HTTPConnection(HOST, port, timeout=60)
        self._path = path
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        self._token = _TOKEN.findall(answer.read())[0].decode()
        cookies = SimpleCookie(answer.headers["Set-Cookie"])
        # A server leaves a connection on which nothing is asked; it is opened anew.
        self._connection.close()
        self._cookie = "; ".join(f"{one.key}={one.value}" for one in cookies.values())

    def send(self, *, client: str = "", **form: str) -> Answer:
        """Send the form.

        Args:
            client: Whose address the proxy in front would say.
        """
        body = urlencode({"csrfmiddlewaretoken": self._token, **form})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self._cookie,
        }
        if client:
            headers["X-Forwarded-For"] = client
        began = time.perf_counter()
        self._connection.request("POST", self._path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        took_ms = (time.perf_counter() - began) * 1000
        return Answer(status=answer.status, length=len(text), took_ms=took_ms)

    def close(self) -> None:
        """Leave."""
        self._connection.close()
