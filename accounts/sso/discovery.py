"""Asks a provider of OpenID Connect where its doors and its keys are.

Source:
    OpenID Connect Discovery 1.0, sections 3 and 4.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from jwt import PyJWK, PyJWKSet
from jwt.exceptions import PyJWTError

from accounts.sso.errors import SsoRefusedError
from accounts.sso.fetch import check_address, fetch

# Microsoft says this in place of the directory that a person comes from.
ANY_DIRECTORY: Final = "{tenantid}"
_KINDS: Final = frozenset({"RSA", "EC", "OKP"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Where a provider answers.

    Attributes:
        userinfo: Where it tells more of the person; empty if it says no such place.
        takes_basic: Whether our secret goes in the header, else in the form.
    """

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    takes_basic: bool


def discover(issuer: str) -> Doors:
    """Return where the provider answers, as it says itself.

    Raises:
        SsoRefusedError: If it says nothing usable, or names another issuer.
    """
    url = issuer.rstrip("/") + "/.well-known/openid-configuration"
    said = read_object(fetch(url))
    named = said.get("issuer")
    if named != issuer and not _stands_for_any(named, issuer):
        raise SsoRefusedError("issuer")
    methods = said.get("token_endpoint_auth_methods_supported")
    return Doors(
        issuer=str(named),
        authorization=_door(said, "authorization_endpoint"),
        token=_door(said, "token_endpoint"),
        keys=_door(said, "jwks_uri"),
        userinfo=_door(said, "userinfo_endpoint")
        if "userinfo_endpoint" in said
        else "",
        takes_basic=not isinstance(methods, list) or "client_secret_basic" in methods,
    )


def fetch_keys(doors: Doors) -> list[PyJWK]:
    """Return the provider's public keys; a secret one among them is passed over.

    Raises:
        SsoRefusedError: If there are none.
    """
    said = read_object(fetch(doors.keys))
    listed = said.get("keys")
    public = [
        one
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict)
        and one.get("kty") in _KINDS
        and one.get("use", "sig") == "sig"
    ]
    try:
        return PyJWKSet(public).keys
    except PyJWTError:
        raise SsoRefusedError("keys") from None


def read_object(written: bytes) -> dict[str, Any]:
    """Return what JSON says, if it is an object.

    Raises:
        SsoRefusedError: If it is not.
    """
    try:
        said = json.loads(written)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise SsoRefusedError("json")
    return said


def _door(said: dict[str, Any], name: str, *, may_miss: bool = False) -> str:
    if may_miss and name not in said:
        return ""
    url = str(said.get(name, ""))
    check_address(url)
    return url


def _stands_for_any(named: object, issuer: str) -> bool:
    """Return whether the provider stands for all directories behind its address."""
    if not isinstance(named, str) or ANY_DIRECTORY not in named:
        return False
    head, _, tail = named.partition(ANY_DIRECTORY)
    middle = issuer.removeprefix(head).removesuffix(tail)
    return issuer == f"{head}{middle}{tail}" and middle in {"common", "organizations"}
