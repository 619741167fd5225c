"""Reads the answer of a directory that speaks SAML, and believes little of it.

python3-saml checks the signature, the times and the issuer; what it leaves open where
something is missing is demanded here: one assertion, directly in the response, signed
itself, for us, here, as the answer to this very question.

Source:
    SAML 2.0 profiles, section 4.1.4; the forms of wrapping are those of Somorovsky and
    others, "On Breaking SAML: Be Whoever You Want to Be", USENIX Security 2012.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.response import OneLogin_Saml2_Response

from accounts.sso.claims import Claims
from accounts.sso.errors import SsoRefusedError
from accounts.sso.models import SsoConnection
from accounts.sso.saml import answer_address, entity_id, saml_settings

MOST_BYTES: Final = 128 * 1024
_NAMES: Final = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
_TRANSIENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
_CLAIMS: Final = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_EMAIL: Final = (
    "email",
    "mail",
    f"{_CLAIMS}/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
)
_NAME: Final = (
    "name",
    "displayName",
    f"{_CLAIMS}/name",
    "urn:oid:2.16.840.1.113730.3.1.241",
)
# Classes that say: two factors were shown.
_FACTORS: Final = frozenset(
    {
        "https://refeds.org/profile/mfa",
        "http://schemas.microsoft.com/claims/multipleauthn",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
    }
)
_WORDS: Final[Mapping[int, str]] = {
    OneLogin_Saml2_ValidationError.WRONG_AUDIENCE: "audience",
    OneLogin_Saml2_ValidationError.WRONG_DESTINATION: "destination",
    OneLogin_Saml2_ValidationError.EMPTY_DESTINATION: "destination",
    OneLogin_Saml2_ValidationError.ASSERTION_EXPIRED: "expired",
    OneLogin_Saml2_ValidationError.ASSERTION_TOO_EARLY: "expired",
    OneLogin_Saml2_ValidationError.SESSION_EXPIRED: "expired",
    OneLogin_Saml2_ValidationError.WRONG_ISSUER: "issuer",
    OneLogin_Saml2_ValidationError.WRONG_SUBJECTCONFIRMATION: "confirmation",
    OneLogin_Saml2_ValidationError.STATUS_CODE_IS_NOT_SUCCESS: "provider",
}


class SamlAnswer:
    """An answer that was parsed and not yet believed."""

    def __init__(self, connection: SsoConnection, written: str) -> None:
        """Parse the form field of the directory's answer.

        Raises:
            SsoRefusedError: If it is none, too large, or brings a document type.
        """
        self._connection = connection
        self._response = _parse(connection, written)
        self._document = self._response.document

    @property
    def in_response_to(self) -> str:
        """The id of the question it says to answer."""
        return str(self._document.get("InResponseTo", ""))

    def believe(self, *, request_id: str) -> tuple[str, Claims]:
        """Return the assertion's id and what it says of the person.

        Raises:
            SsoRefusedError: If anything of it is not as it must be.
        """
        assertion = self._one_assertion()
        here = urlsplit(answer_address(self._connection))
        request = {
            "https": "on" if here.scheme == "https" else "off",
            "http_host": here.netloc,
            "script_name": "",
            "path_info": here.path,
        }
        try:
            self._response.is_valid(request, request_id, raise_exceptions=True)
            self._demand(assertion, request_id)
            return str(assertion.get("ID")), self._claims()
        except SsoRefusedError:
            raise
        except (OneLogin_Saml2_ValidationError, OneLogin_Saml2_Error) as error:
            raise SsoRefusedError(_WORDS.get(error.code, "signature")) from None
        # lxml, xmlsec and the reader of times raise whatever they like at odd XML.
        except Exception:  # noqa: BLE001
            raise SsoRefusedError("signature") from None

    def _one_assertion(self) -> Any:
        """Return the assertion: one in the whole document, where it belongs."""
        root = self._document
        found = self._find("//saml:Assertion | //saml:EncryptedAssertion")
        ids = self._find("//@ID")
        is_right = (
            root.tag == f"{{{_NAMES['samlp']}}}Response"
            and len(found) == 1
            and found[0].getparent() is root
            and found[0].tag == f"{{{_NAMES['saml']}}}Assertion"
            and len(ids) == len(set(ids))
        )
        if not is_right:
            raise SsoRefusedError("assertion")
        return found[0]

    def _demand(self, assertion: Any, request_id: str) -> None:
        """See that nothing is missing which the library lets be missing."""
        here = answer_address(self._connection)
        uris = self._find(
            "/*/saml:Assertion/ds:Signature/ds:SignedInfo/ds:Reference/@URI"
        )
        _refuse_unless(uris == [f"#{assertion.get('ID')}"], "signature")
        _refuse_unless(self.in_response_to == request_id, "request")
        _refuse_unless(self._document.get("Destination") == here, "destination")
        audiences = self._response.get_audiences()
        _refuse_unless(entity_id(self._connection) in audiences, "audience")
        said = self._find(
            "/*/saml:Assertion/saml:Subject/saml:SubjectConfirmation"
            "/saml:SubjectConfirmationData"
        )
        fits = [
            one
            for one in said
            if one.get("Recipient") == here
            and one.get("InResponseTo") == request_id
            and one.get("NotOnOrAfter")
        ]
        _refuse_unless(len(said) == len(fits) == 1, "confirmation")

    def _claims(self) -> Claims:
        name_id = self._response.get_nameid_data()
        said: Mapping[str, Sequence[Any]] = self._response.get_attributes()
        subject = str(name_id["Value"])
        is_lasting = name_id.get("Format") != _TRANSIENT and len(subject) <= 255
        _refuse_unless(is_lasting, "subject")
        contexts = self._response.get_authn_contexts()
        return Claims(
            issuer=self._connection.issuer,
            subject=subject,
            email=_one(said, _EMAIL).lower(),
            # The clinic's own directory says it, for domains the clinic has proved.
            is_verified=True,
            name=_one(said, _NAME)[:200],
            groups=tuple(map(str, said.get(self._connection.groups_claim, ()))),
            has_second_factor=not _FACTORS.isdisjoint(contexts),
            names=tuple(sorted(said)),
        )

    def _find(self, path: str) -> list[Any]:
        found: list[Any] = self._document.xpath(path, namespaces=_NAMES)
        return found


def _parse(connection: SsoConnection, written: str) -> OneLogin_Saml2_Response:
    try:
        plain = base64.b64decode("".join(written.split()), validate=True)
    except (binascii.Error, ValueError):
        raise SsoRefusedError("xml") from None
    if not plain or len(plain) > MOST_BYTES:
        raise SsoRefusedError("xml")
    if b"<!" in plain.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        raise SsoRefusedError("dtd")
    try:
        return OneLogin_Saml2_Response(
            saml_settings(connection), base64.b64encode(plain).decode()
        )
    # The parser raises whatever it likes at what is no XML.
    except Exception:  # noqa: BLE001
        raise SsoRefusedError("xml") from None


def _one(said: Mapping[str, Sequence[Any]], names: Sequence[str]) -> str:
    """Return the one value of the first of these attributes that came."""
    for name in names:
        values = said.get(name, ())
        if len(values) > 1:
            raise SsoRefusedError("attribute")
        if values:
            return str(values[0]).strip()
    return ""


def _refuse_unless(holds: bool, about: str) -> None:  # noqa: FBT001 -- reads as a sentence
    if not holds:
        raise SsoRefusedError(about)
