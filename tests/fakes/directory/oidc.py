"""A provider of OpenID Connect on this machine, which holds to the specification.

It insists on PKCE (S256), state, nonce, the registered redirect address, the client's
secret and one use a code. `spoil` and `forge` make it lie, for what must be refused.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID = "sondervoice-of-the-tests"
CLIENT_SECRET = "known to two"


@cache
def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class OidcProvider:
    """One provider with one person signed in at it.

    Attributes:
        person: The claims of whoever is signed in there.
        spoil: Changes to the claims of the next tokens.
        forge: Makes the token itself; None for an honest one.
        is_thin: Whether the token says the subject alone, and the rest is told at the
            other door.
        asked: The paths that were asked for.
    """

    def __init__(self) -> None:
        self.person: dict[str, Any] = {}
        self.spoil: dict[str, Any] = {}
        self.forge: Callable[[dict[str, Any]], str] | None = None
        self.overrides: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.asked: list[str] = []
        self.is_thin = False
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def authorize(self, url: str) -> str:
        """Return where the browser is sent back to by the provider's own page."""
        asked = {key: one[0] for key, one in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["code_challenge"]) == 43
        assert min(len(asked["state"]), len(asked["nonce"])) >= 32
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def told_at(self, path: str, *, is_known: bool) -> dict[str, Any] | None:
        """Return what is said at an address; of the person to our token alone."""
        if path.endswith("/.well-known/openid-configuration"):
            return self.described()
        if path == "/keys":
            return {"keys": [public_jwk()]}
        return self._userinfo() if path == "/userinfo" and is_known else None

    def _userinfo(self) -> dict[str, Any]:
        said = self.person | self.spoil | self.told
        return {key: value for key, value in said.items() if value is not None}

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        asked = self._codes.pop(form.get("code", ""), None)
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        known = (
            ":".join(map(unquote, pair.split(":"))) == f"{CLIENT_ID}:{CLIENT_SECRET}"
        )
        if asked is None or not known or not self._fits(asked, form):
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        person = {"sub": self.person["sub"]} if self.is_thin else self.person
        claims = claims | person | self.spoil
        claims = {key: value for key, value in claims.items() if value is not None}
        made = self.forge(claims) if self.forge else sign(claims)
        return {"access_token": "one-access", "token_type": "Bearer", "id_token": made}

    def _fits(self, asked: dict[str, str], form: dict[str, str]) -> bool:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return (
            form.get("grant_type") == "authorization_code"
            and form.get("redirect_uri") == asked["redirect_uri"]
            and challenge == asked["code_challenge"]
        )

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        } | self.overrides


def public_jwk() -> dict[str, Any]:
    key = RSAAlgorithm.to_jwk(signing_key().public_key(), as_dict=True)
    return key | {"kid": "one", "use": "sig"}


def sign(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, signing_key(), "RS256", headers={"kid": "one"})


def _handler(provider: OidcProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            if path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(self.path))
                self.end_headers()
            else:
                known = self.headers.get("Authorization") == "Bearer one-access"
                said = provider.told_at(path, is_known=known)
                self._say(404 if said is None else 200, said or {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {key: one[0] for key, one in parse_qs(body).items()}
            said = provider.token(form, self.headers.get("Authorization", ""))
            self._say(200 if said else 400, said or {"error": "invalid_grant"})

        def _say(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
