"""Certificates of what was erased."""

from django.apps import AppConfig

from compliance.certificates.personal_data import WITHOUT_HOLDER
from sondervoice.kernel import personal_data


class CertificatesConfig(AppConfig):
    """Certificates of what was erased."""

    name = "compliance.certificates"
    label = "certificates"

    def ready(self) -> None:
        """Register the jobs, and follow each run of which all is gone."""
        from compliance.certificates import jobs  # noqa: F401, PLC0415 -- needs models
        from compliance.copies.events import copies_gone  # noqa: PLC0415

        copies_gone.received_by("compliance.certify_run")
        personal_data.state_without_holder(WITHOUT_HOLDER)
