"""What we are to a directory that speaks SAML, and how we ask it.

Source:
    SAML 2.0 bindings, section 3.4 (HTTP-Redirect) for our question and section 3.5
    (HTTP-POST) for its answer.
"""

import base64
import zlib
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit
from xml.sax.saxutils import quoteattr

from django.conf import settings
from django.urls import reverse
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from accounts.sso.models import SamlRequest, SsoConnection

_POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_ANY_FORMAT: Final = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"


def entity_id(connection: SsoConnection) -> str:
    """Return our name to the directory, which is where our metadata are too."""
    path = reverse("sso-saml-metadata", args=[connection.id])
    return f"{settings.PUBLIC_BASE_URL}{path}"


def answer_address(connection: SsoConnection) -> str:
    """Return where the directory's answer is to go."""
    path = reverse("sso-saml-acs", args=[connection.id])
    return f"{settings.PUBLIC_BASE_URL}{path}"


def saml_settings(connection: SsoConnection) -> OneLogin_Saml2_Settings:
    """Return both sides as python3-saml wants them; nothing is left to its defaults."""
    described: dict[str, Any] = {
        "strict": True,
        "sp": {
            "entityId": entity_id(connection),
            "assertionConsumerService": {
                "url": answer_address(connection),
                "binding": _POST,
            },
            "NameIDFormat": _ANY_FORMAT,
        },
        "idp": {
            "entityId": connection.issuer,
            "singleSignOnService": {"url": connection.sso_url, "binding": _REDIRECT},
            "x509certMulti": {"signing": list(connection.certificates)},
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantMessagesSigned": False,
            "wantNameId": True,
            "wantAttributeStatement": False,
            "requestedAuthnContext": False,
            "rejectDeprecatedAlgorithm": True,
            "allowSingleLabelDomains": True,
        },
    }
    return OneLogin_Saml2_Settings(described)


def address_to_ask(
    connection: SsoConnection, asked: SamlRequest, *, now: datetime
) -> str:
    """Return where to send the browser with our question."""
    question = (
        '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
        'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" '
        f"ID={quoteattr(asked.xml_id)} "
        f'IssueInstant="{now:%Y-%m-%dT%H:%M:%SZ}" '
        f"Destination={quoteattr(connection.sso_url)} "
        f"AssertionConsumerServiceURL={quoteattr(answer_address(connection))} "
        f'ProtocolBinding="{_POST}">'
        f"<saml:Issuer>{entity_id(connection)}</saml:Issuer></samlp:AuthnRequest>"
    )
    deflated = zlib.compress(question.encode(), wbits=-zlib.MAX_WBITS)
    query = urlencode({"SAMLRequest": base64.b64encode(deflated).decode()})
    has_query = bool(urlsplit(connection.sso_url).query)
    return f"{connection.sso_url}{'&' if has_query else '?'}{query}"


def metadata(connection: SsoConnection) -> bytes:
    """Return what a directory reads to know us; nothing in it is secret."""
    written: str | bytes = saml_settings(connection).get_sp_metadata()
    return written.encode() if isinstance(written, str) else written
