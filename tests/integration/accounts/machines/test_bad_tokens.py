import base64
import hashlib
import hmac
import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from accounts.machines import signing
from accounts.machines.models import TokenFamily
from accounts.way_in import signing_in
from sondervoice.kernel.ids import uuid7
from tests.cast import Cast
from tests.integration.accounts.machines.conftest import Program, rows

GONE = object()


def _part(value: dict) -> str:
    text = json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def _claims(program: Program) -> dict:
    token = program.pair["access"]
    return jwt.decode(token, options={"verify_signature": False})


def _resigned(program: Program, changes: dict, headers: dict | None = None) -> str:
    """Return the token with other claims, rightly signed."""
    claims = {**_claims(program), **changes}
    claims = {name: value for name, value in claims.items() if value is not GONE}
    key_id, key = next(iter(signing.signing_keys().items()))
    said = {"kid": key_id} if headers is None else headers
    return jwt.encode(claims, bytes(key, "ascii"), algorithm="HS256", headers=said)


def _unsigned(program: Program, alg: str, **headers: str) -> str:
    head = _part({"alg": alg, "typ": "JWT", **headers})
    return f"{head}.{_part(_claims(program))}."


def _confused(program: Program) -> str:
    """Return a token signed by HMAC with a public RSA key as its secret."""
    public = rsa.generate_private_key(65537, 2048).public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    head = _part(
        {"alg": "HS256", "typ": "JWT", "kid": next(iter(signing.signing_keys()))}
    )
    body = f"{head}.{_part(_claims(program))}"
    mac = hmac.new(pem, body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _by_rsa(program: Program) -> str:
    key = rsa.generate_private_key(65537, 2048)
    headers = {"kid": next(iter(signing.signing_keys()))}
    return jwt.encode(_claims(program), key, algorithm="RS256", headers=headers)


def _tampered(program: Program, **changes: str) -> str:
    head, _, mac = program.pair["access"].split(".")
    return f"{head}.{_part({**_claims(program), **changes})}.{mac}"


def _kid() -> str:
    return next(iter(signing.signing_keys()))


BAD = {
    "nothing": lambda program: "",
    "no token": lambda program: "x",
    "three dots": lambda program: "..",
    "too long": lambda program: "a." * 2_000,
    "not ASCII": lambda program: "ä.ö.ü",
    "alg none": lambda program: _unsigned(program, "none"),
    "alg none, our key": lambda program: _unsigned(program, "none", kid=_kid()),
    "alg None": lambda program: _unsigned(program, "None", kid=_kid()),
    "no alg": lambda program: _unsigned(program, "", kid=_kid()),
    "HMAC by a public key": _confused,
    "RS256": _by_rsa,
    "unknown key": lambda program: _resigned(program, {}, {"kid": "0" * 12}),
    "no key": lambda program: _resigned(program, {}, {}),
    "other organization, signature kept": lambda program: _tampered(
        program, org=str(uuid7())
    ),
    "other person, signature kept": lambda program: _tampered(
        program, sub=str(uuid7())
    ),
    "no signature": lambda program: program.pair["access"].rpartition(".")[0] + ".",
    "refresh token": lambda program: program.pair["refresh"],
    "wrong audience": lambda program: _resigned(program, {"aud": "somewhere"}),
    "no audience": lambda program: _resigned(program, {"aud": GONE}),
    "wrong issuer": lambda program: _resigned(program, {"iss": "somebody"}),
    "no issuer": lambda program: _resigned(program, {"iss": GONE}),
    "no end": lambda program: _resigned(program, {"exp": GONE}),
    "no id": lambda program: _resigned(program, {"jti": GONE}),
    "no person": lambda program: _resigned(program, {"sub": GONE}),
    "person that is no id": lambda program: _resigned(program, {"sub": "ben"}),
    "no organization": lambda program: _resigned(program, {"org": GONE}),
    "organization that is no id": lambda program: _resigned(program, {"org": 7}),
    "no family": lambda program: _resigned(program, {"family": GONE}),
    "no epoch": lambda program: _resigned(program, {"epoch": GONE}),
    "epoch that is true": lambda program: _resigned(program, {"epoch": True}),
    "no kind": lambda program: _resigned(program, {"token_type": GONE}),
}  # fmt: skip
# Signed by our key, in time, and worth nothing all the same.
DEAD = {
    "other organization": lambda program: _resigned(program, {"org": str(uuid7())}),
    "other family": lambda program: _resigned(program, {"family": str(uuid7())}),
    "older epoch": lambda program: _resigned(program, {"epoch": 0}),
    "later epoch": lambda program: _resigned(program, {"epoch": 7}),
}


class TestABadToken:
    def _refused(self, bens: Program, token: str) -> None:
        with signing_in():
            before = list(TokenFamily.objects.values())

        answer = Program(f"Bearer {token}").get("calls/")

        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
        with signing_in():
            assert list(TokenFamily.objects.values()) == before
        assert bens.get("calls/").status_code == 200

    @pytest.mark.parametrize("make", BAD.values(), ids=BAD)
    def test_opens_nothing_and_leaves_one_row(self, bens: Program, make):
        self._refused(bens, make(bens))

        (row,) = rows("accounts.token.refused")
        assert (row.subject_id, row.facts) == (None, {"malformed": True})

    @pytest.mark.parametrize("make", DEAD.values(), ids=DEAD)
    def test_of_our_own_opens_nothing_and_leaves_one_row(
        self, cast: Cast, bens: Program, make
    ):
        self._refused(bens, make(bens))

        (row,) = rows("accounts.token.refused")
        assert (row.subject_id, row.facts) == (cast.ben.id, {"ended": True})

    @pytest.mark.parametrize("late_s", [0, 1, 3600])
    def test_opens_nothing_once_its_time_is_over(self, bens: Program, late_s: int):
        over = _claims(bens)["iat"] - late_s

        self._refused(bens, _resigned(bens, {"exp": over}))

        (row,) = rows("accounts.token.refused")
        assert row.facts == {"expired": True}

    def test_of_another_person_opens_nothing(self, cast: Cast, bens: Program):
        self._refused(bens, _resigned(bens, {"sub": str(cast.cy.id)}))

        (row,) = rows("accounts.token.refused")
        assert (row.subject_id, row.facts) == (cast.cy.id, {"ended": True})

    def test_leaves_one_row_a_minute_however_often_it_comes(self, bens: Program):
        for _ in range(3):
            self._refused(bens, "x")

        assert len(rows("accounts.token.refused")) == 1


class TestAGoodToken:
    def test_is_of_the_shape_that_the_table_above_breaks(self, bens: Program):
        token = _resigned(bens, {})

        assert Program(f"Bearer {token}").get("calls/").status_code == 200

    def test_says_no_more_than_ids_and_times(self, bens: Program):
        assert set(_claims(bens)) == {
            "token_type", "exp", "iat", "jti", "sub", "org", "family", "epoch",
            "aud", "iss",
        }  # fmt: skip

    def test_goes_on_while_the_secret_key_is_changed(self, bens: Program, settings):
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another-one-" + "y" * 40

        assert bens.get("calls/").status_code == 200
        settings.SECRET_KEY_FALLBACKS = []
        assert bens.get("calls/").status_code == 401

    def test_ends_when_the_clinic_said(self, cast: Cast, bens: Program):
        claims = _claims(bens)

        assert claims["exp"] - claims["iat"] == timedelta(minutes=15).total_seconds()
