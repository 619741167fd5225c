"""Signs a person in by OpenID Connect: the code flow with PKCE, state and nonce.

Source:
    OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3; RFC 7636 (PKCE, S256 alone);
    RFC 9207 (`iss` in the answer); RFC 9700 (current practice).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import jwt
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from accounts.sso.claims import Claims
from accounts.sso.discovery import (
    ANY_DIRECTORY,
    Doors,
    discover,
    fetch_keys,
    read_object,
)
from accounts.sso.errors import SsoRefusedError
from accounts.sso.fetch import fetch
from accounts.sso.flow import Flow
from accounts.sso.providers import Provider

# By the kind of key: no secret one, and no `none`.
_ALGORITHMS: Final[Mapping[str, tuple[str, ...]]] = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512"),
    "OKP": ("EdDSA",),
}
# What a provider says in `amr` when a second factor was shown, RFC 8176; `otp` or `hwk`
# may have been the only thing that was.
_SECOND_FACTOR: Final = "mfa"
_LEEWAY_S: Final = 60
_UNVERIFIED: Final = (
    "The provider does not say that this address is yours. Nobody was signed in."
)


def address_to_ask(provider: Provider, flow: Flow, *, redirect_uri: str) -> str:
    """Return where to send the browser.

    Raises:
        SsoRefusedError: If the provider does not say where it answers.
    """
    doors = discover(provider.issuer)
    digest = hashlib.sha256(flow.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid email profile",
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    has_query = bool(urlsplit(doors.authorization).query)
    return f"{doors.authorization}{'&' if has_query else '?'}{urlencode(asked)}"


def read_answer(
    provider: Provider, flow: Flow, answer: Mapping[str, str], *, redirect_uri: str
) -> Claims:
    """Return what the provider says of the person who came back.

    Raises:
        SsoRefusedError: If anything of the answer is not as it must be.
    """
    if not hmac.compare_digest(answer.get("state", "").encode(), flow.state.encode()):
        raise SsoRefusedError("state")
    code = answer.get("code", "")
    if not code:
        raise SsoRefusedError("code")
    doors = discover(provider.issuer)
    if "iss" in answer and ANY_DIRECTORY not in doors.issuer:
        _refuse_unless(answer["iss"] == doors.issuer, "issuer")
    given = _redeem(provider, doors, code, flow.verifier, redirect_uri=redirect_uri)
    said = _read_token(str(given["id_token"]), provider, doors)
    _refuse_unless(
        hmac.compare_digest(str(said.get("nonce", "")).encode(), flow.nonce.encode()),
        "nonce",
    )
    if not {"email", "email_verified"} <= said.keys():
        said = _ask_more(given, doors, said["sub"]) | said
    return _claims(said, provider)


def refuse_unverified(claims: Claims) -> None:
    """Let an address pass that is one, and that the provider calls the person's own.

    Raises:
        SsoRefusedError: If it is none, or not called theirs.
    """
    if not claims.email or not claims.is_verified:
        raise SsoRefusedError("email_verified", _UNVERIFIED)
    try:
        validate_email(claims.email)
    except ValidationError:
        raise SsoRefusedError("email") from None


def _redeem(
    provider: Provider, doors: Doors, code: str, verifier: str, *, redirect_uri: str
) -> dict[str, Any]:
    """Trade the code for the tokens, of which one tells who came."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
    }
    if doors.takes_basic:
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": provider.client_id, "client_secret": provider.secret}
    said = read_object(
        fetch(doors.token, body=urlencode(form).encode(), headers=headers)
    )
    _refuse_unless(isinstance(said.get("id_token"), str), "id_token")
    return said


def _ask_more(
    given: Mapping[str, Any], doors: Doors, subject: object
) -> dict[str, Any]:
    """Return what the provider tells at its other door: many say the address there.

    Source:
        OpenID Connect Core 1.0, section 5.3.2: it must be of the same subject.
    """
    token = given.get("access_token")
    if not doors.userinfo or not isinstance(token, str) or not token.isprintable():
        return {}
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    said = read_object(fetch(doors.userinfo, headers=headers))
    _refuse_unless(said.get("sub") == subject, "subject")
    return said


def _read_token(token: str, provider: Provider, doors: Doors) -> dict[str, Any]:
    """Return the claims of a token signed by the provider, for us, and fresh."""
    key = _key_for(token, fetch_keys(doors))
    kind = str(key._jwk_data.get("kty"))  # noqa: SLF001 -- it has no other door
    try:
        said: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=list(_ALGORITHMS[kind]),
            audience=provider.client_id,
            leeway=_LEEWAY_S,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except PyJWTError as error:
        raise SsoRefusedError(_WORDS.get(type(error), "id_token")) from None
    _refuse_unless(said["iss"] == _issuer_for(said, doors), "issuer")
    if isinstance(said["aud"], list) and len(said["aud"]) > 1:
        _refuse_unless(said.get("azp") == provider.client_id, "audience")
    if "azp" in said:
        _refuse_unless(said["azp"] == provider.client_id, "audience")
    return said


_WORDS: Final[Mapping[type[PyJWTError], str]] = {
    jwt.ExpiredSignatureError: "expired",
    jwt.InvalidAudienceError: "audience",
    jwt.InvalidAlgorithmError: "algorithm",
    jwt.InvalidSignatureError: "signature",
}


def _key_for(token: str, keys: list[PyJWK]) -> PyJWK:
    try:
        header = jwt.get_unverified_header(token)
    except PyJWTError:
        raise SsoRefusedError("id_token") from None
    wanted = header.get("kid")
    fits = [one for one in keys if wanted is None or one.key_id == wanted]
    # Without a name there must be no choice.
    if len(fits) != 1:
        raise SsoRefusedError("signature")
    return fits[0]


def _issuer_for(said: Mapping[str, Any], doors: Doors) -> str:
    """Return who must have made the token; Microsoft's says the directory itself."""
    directory = said.get("tid")
    if ANY_DIRECTORY not in doors.issuer or not isinstance(directory, str):
        return doors.issuer
    return doors.issuer.replace(ANY_DIRECTORY, directory)


def _claims(said: Mapping[str, Any], provider: Provider) -> Claims:
    groups = said.get(provider.groups_claim) if provider.groups_claim else None
    factors = said.get("amr")
    subject = said["sub"]
    _refuse_unless(isinstance(subject, str) and 0 < len(subject) <= 255, "subject")
    return Claims(
        issuer=str(said["iss"]),
        subject=subject,
        email=str(said.get("email") or "").strip().lower(),
        # Entra ID says it in a claim of its own, `xms_edov`, at times as "1".
        is_verified=_says_yes(said.get("email_verified"))
        or _says_yes(said.get("xms_edov")),
        name=str(said.get("name") or "")[:200],
        groups=tuple(map(str, groups)) if isinstance(groups, list) else (),
        has_second_factor=isinstance(factors, list) and _SECOND_FACTOR in factors,
        names=tuple(sorted(said)),
    )


def _says_yes(value: object) -> bool:
    return value is True or (isinstance(value, str) and value in {"true", "1"})


def _refuse_unless(holds: bool, about: str) -> None:  # noqa: FBT001 -- reads as a sentence
    if not holds:
        raise SsoRefusedError(about)
