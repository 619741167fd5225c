"""Why no field of certificates has a holder."""

from typing import Final

WITHOUT_HOLDER: Final = {
    "certificates.DeletionCertificate.body": "counts, dates and our own words",
    "certificates.DeletionCertificate.note": "a hash and its signature",
}
