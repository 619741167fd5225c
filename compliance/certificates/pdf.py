"""A certificate as a PDF, with what was signed inside it as a file.

Nothing is fetched: the two typefaces come from their packages, anything else that the
page could name is refused.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.template.loader import render_to_string
from django.utils import timezone

from compliance.certificates.errors import PdfBusyError, PdfLibraryMissingError

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

_TEMPLATE: Final = "compliance/certificates/certificate_pdf.html"
_FONTS: Final[Mapping[str, tuple[str, str]]] = {
    "font:sans": ("fontpkg_source_sans_3", "SourceSans3[wght].ttf"),
    "font:serif": ("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf"),
}
# Each takes a second or two of a processor; calls on this machine need the other one.
_WAIT_S: Final = 5.0
_drawing = threading.BoundedSemaphore(1)


def draw_pdf(
    context: Mapping[str, Any],
    *,
    file: Mapping[str, Any],
    name: str,
    issued_at: datetime,
) -> bytes:
    """Return the PDF; it takes about a second and is drawn one at a time.

    Args:
        context: Of the template.
        file: What was signed, and its signature; put inside as a JSON file.
        name: Of that file.

    Raises:
        PdfBusyError: If others are before us.
        PdfLibraryMissingError: If Pango is not installed here.
    """
    # Pages are in the clinic's time; this one may be read anywhere.
    with timezone.override(UTC):
        html = render_to_string(_TEMPLATE, dict(context))
    with _alone():
        weasyprint = _weasyprint()
        inside = weasyprint.Attachment(
            string=json.dumps(file, ensure_ascii=False, indent=1),
            name=name,
            description="What was signed, to be checked by check_record.py",
            created=issued_at,
            modified=issued_at,
            relationship="Data",
            url_fetcher=_nothing_but_fonts(),
        )
        page = weasyprint.HTML(string=html, url_fetcher=_nothing_but_fonts())
        drawn: bytes = page.write_pdf(
            attachments=[inside],
            pdf_identifier=context["shown"].sha256.encode(),
            pdf_tags=True,
        )
        return drawn


def _weasyprint() -> Any:
    """Import it late: it takes a second, and needs Pango, which machines may lack."""
    try:
        import weasyprint  # noqa: PLC0415
    except OSError:
        raise PdfLibraryMissingError from None
    return weasyprint


@contextmanager
def _alone() -> Iterator[None]:
    if not _drawing.acquire(timeout=_WAIT_S):
        raise PdfBusyError
    try:
        yield
    finally:
        _drawing.release()


@lru_cache(maxsize=1)
def _nothing_but_fonts() -> "URLFetcher":
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class NothingButFonts(URLFetcher):  # type: ignore[misc]  # has no types
        """Gives the two typefaces by their names and refuses all else."""

        def fetch(
            self, url: str, headers: Mapping[str, str] | None = None
        ) -> URLFetcherResponse:
            if url not in _FONTS:
                raise ValueError("nothing is fetched for a certificate")
            package, name = _FONTS[url]
            path = Path(str(files(package) / "files" / name))
            kind = {"Content-Type": "font/ttf"}
            return URLFetcherResponse(url, path.read_bytes(), kind)

    return NothingButFonts()
