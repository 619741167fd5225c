"""Settings: certificates of what was erased, to read and to take along."""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from accounts.access import PageRequest, page
from accounts.permissions import Permission
from accounts.settings_pages import draw_settings
from compliance.certificates.models import DeletionCertificate
from compliance.certificates.pdf import draw_pdf
from compliance.certificates.selectors.certificates import (
    get_certificate,
    list_certificates,
    list_waiting,
    shown,
)
from compliance.certificates.signing import keys_of_certificate
from compliance.ledger import offline

_CHECKER: Final = Path(offline.__file__).with_name("check_record.py")
_HERE: Final = "retention"


@page(Permission.RETENTION_VIEW)
@require_GET
def certificates(request: PageRequest) -> HttpResponse:
    """List what was certified, and what waits for it."""
    context = {
        "certificates": [shown(one) for one in list_certificates(actor=request.actor)],
        "not_certified": list_waiting(actor=request.actor),
    }
    return draw_settings(
        request, "compliance/certificates/certificates.html", context, here=_HERE
    )


@page(Permission.RETENTION_VIEW)
@require_GET
def certificate(request: PageRequest, certificate_id: UUID) -> HttpResponse:
    """Show one certificate in plain words."""
    found = get_certificate(actor=request.actor, certificate_id=certificate_id)
    return draw_settings(
        request,
        "compliance/certificates/certificate.html",
        _context(found),
        here=_HERE,
    )


@page(Permission.RETENTION_VIEW)
@require_GET
def certificate_json(request: PageRequest, certificate_id: UUID) -> HttpResponse:
    """Send what was signed, and its signature."""
    found = get_certificate(actor=request.actor, certificate_id=certificate_id)
    return JsonResponse(
        _file(found),
        headers=_named(f"{_name(found)}.json"),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )


@page(Permission.RETENTION_VIEW)
@require_GET
def certificate_pdf(request: PageRequest, certificate_id: UUID) -> HttpResponse:
    """Send it as a PDF, with the JSON file inside.

    Raises:
        PdfBusyError: If others are before us.
        PdfLibraryMissingError: If this machine has nothing to draw with.
    """
    found = get_certificate(actor=request.actor, certificate_id=certificate_id)
    drawn = draw_pdf(
        _context(found),
        file=_file(found),
        name=f"{_name(found)}.json",
        issued_at=found.issued_at,
    )
    return HttpResponse(
        drawn, content_type="application/pdf", headers=_named(f"{_name(found)}.pdf")
    )


@page(Permission.RETENTION_VIEW)
@require_GET
def certificate_checker(request: PageRequest) -> HttpResponse:
    """Send the program that checks a certificate without us."""
    return HttpResponse(
        _CHECKER.read_text("utf-8"),
        content_type="text/x-python; charset=utf-8",
        headers=_named(_CHECKER.name),
    )


def _context(found: DeletionCertificate) -> dict[str, Any]:
    return {
        "shown": shown(found),
        "key": keys_of_certificate(found),
        "file_name": f"{_name(found)}.json",
    }


def _file(found: DeletionCertificate) -> dict[str, Any]:
    return {"certificate": found.body, "note": found.note}


def _name(found: DeletionCertificate) -> str:
    return f"certificate-{found.number}"


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
