"""The certificates of a person's erasure, as files for that person.

A page to read, what was signed, and the program that checks it. No PDF: a page opens
everywhere, also where nothing here can draw one.
"""

import json
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import timezone

from compliance.certificates.models import DeletionCertificate
from compliance.certificates.selectors.certificates import shown
from compliance.certificates.signing import keys_of_certificate
from compliance.ledger import offline
from compliance.retention.models import RetentionRun

_CHECKER = Path(offline.__file__).with_name("check_record.py")


def has_certificate(runs: Iterable[RetentionRun]) -> bool:
    """Return whether there is one of any of these runs, in the open scope."""
    return DeletionCertificate.objects.filter(run__in=runs).exists()


def files_for_person(runs: Iterable[RetentionRun]) -> list[tuple[str, bytes]]:
    """Return names and contents; none while no certificate is written."""
    rows = DeletionCertificate.objects.filter(run__in=runs).order_by("number")
    files = [file for row in rows for file in _files_of(row)]
    if files:
        files.append((_CHECKER.name, _CHECKER.read_bytes()))
    return files


def _files_of(row: DeletionCertificate) -> list[tuple[str, bytes]]:
    name = f"certificate-{row.number}"
    context = {
        "shown": shown(row),
        "key": keys_of_certificate(row),
        "file_name": f"{name}.json",
    }
    with timezone.override(UTC):
        page = render_to_string("compliance/certificates/certificate_pdf.html", context)
    signed = json.dumps(
        {"certificate": row.body, "note": row.note}, ensure_ascii=False, indent=2
    )
    return [(f"{name}.html", page.encode()), (f"{name}.json", signed.encode())]
