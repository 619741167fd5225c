"""A directory that speaks SAML 2.0: reads our question, signs one answer.

`change` alters what is said before it is signed; what is done to the XML afterwards is
an attack.
"""

import base64
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from tests.fakes.directory.oidc import signing_key

ISSUER = "https://directory.alder-clinic.example/saml"
SSO_URL = "https://directory.alder-clinic.example/sign-in"
PASSWORD_CLASS = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}


@cache
def certificate() -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "directory")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(signing_key().public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(signing_key(), SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()


@cache
def _private_key() -> str:
    key = signing_key()
    kind = PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(Encoding.PEM, kind, NoEncryption()).decode()


@dataclass(slots=True, kw_only=True)
class Said:
    """What one answer says."""

    request_id: str
    acs: str
    audience: str
    assertion_id: str = "_assertion-1"
    subject: str = "00u-nora"
    issuer: str = ISSUER
    destination: str | None = None
    recipient: str | None = None
    in_response_to: str | None = None
    lasts: timedelta = timedelta(minutes=5)
    context: str = PASSWORD_CLASS
    attributes: dict[str, list[str]] = field(
        default_factory=lambda: {
            "email": ["nora@alder-clinic.example"],
            "name": ["Nora Lind"],
        }
    )


def read_question(away: str) -> Said:
    """Return an honest answer to the question the browser brings."""
    query = parse_qs(urlsplit(away).query)
    plain = zlib.decompress(
        base64.b64decode(query["SAMLRequest"][0]), wbits=-zlib.MAX_WBITS
    )
    question = etree.fromstring(plain)
    assert question.tag == f"{{{NAMES['samlp']}}}AuthnRequest"
    assert question.get("Destination") == SSO_URL
    return Said(
        request_id=question.get("ID"),
        acs=question.get("AssertionConsumerServiceURL"),
        audience=question.findtext("saml:Issuer", namespaces=NAMES),
    )


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def assertion(said: Said) -> str:
    now = datetime.now(UTC)
    begins, ends = _at(now - timedelta(minutes=10)), _at(now + said.lasts)
    attributes = "".join(
        f'<saml:Attribute Name="{escape(name)}">'
        + "".join(
            f"<saml:AttributeValue>{escape(one)}</saml:AttributeValue>"
            for one in values
        )
        + "</saml:Attribute>"
        for name, values in said.attributes.items()
    )
    answers = said.in_response_to or said.request_id
    return (
        f'<saml:Assertion xmlns:saml="{NAMES["saml"]}" ID="{said.assertion_id}" '
        f'Version="2.0" IssueInstant="{_at(now)}">'
        f"<saml:Issuer>{said.issuer}</saml:Issuer>"
        f"<saml:Subject><saml:NameID>{said.subject}</saml:NameID>"
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
        f'<saml:SubjectConfirmationData InResponseTo="{answers}" '
        f'Recipient="{said.recipient or said.acs}" NotOnOrAfter="{ends}"/>'
        "</saml:SubjectConfirmation></saml:Subject>"
        f'<saml:Conditions NotBefore="{begins}" NotOnOrAfter="{ends}">'
        "<saml:AudienceRestriction>"
        f"<saml:Audience>{said.audience}</saml:Audience></saml:AudienceRestriction>"
        f'</saml:Conditions><saml:AuthnStatement AuthnInstant="{_at(now)}">'
        f"<saml:AuthnContext><saml:AuthnContextClassRef>{said.context}"
        "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
        f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement>"
        "</saml:Assertion>"
    )


def sign(xml: str) -> str:
    return OneLogin_Saml2_Utils.add_sign(xml, _private_key(), certificate()).decode()


def respond(said: Said, inner: str) -> str:
    """Return the response around an assertion, as XML."""
    return (
        f'<samlp:Response xmlns:samlp="{NAMES["samlp"]}" xmlns:saml="{NAMES["saml"]}" '
        f'ID="_response-1" Version="2.0" IssueInstant="{_at(datetime.now(UTC))}" '
        f'Destination="{said.destination or said.acs}" '
        f'InResponseTo="{said.in_response_to or said.request_id}">'
        f"<saml:Issuer>{said.issuer}</saml:Issuer><samlp:Status><samlp:StatusCode "
        'Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
        f"{inner}</samlp:Response>"
    )


def encode(xml: str | bytes) -> str:
    plain = xml if isinstance(xml, bytes) else xml.encode()
    return base64.b64encode(plain).decode()
