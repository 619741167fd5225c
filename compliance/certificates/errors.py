"""What can go wrong with certificates, in our words."""

from sondervoice.kernel.errors import ConflictError, NotFoundError


class CertificateNotFoundError(NotFoundError):
    """No certificate of the clinic has this id."""

    code = "certificate_not_found"
    message = "There is no such certificate."


class PdfBusyError(ConflictError):
    """Others are before us: one page is drawn at a time."""

    code = "pdf_busy"
    status = 503
    message = (
        "The PDF cannot be made just now. Try again in a moment, or take the JSON "
        "file: it is what was signed."
    )


class PdfLibraryMissingError(ConflictError):
    """The machine has nothing to draw a PDF with; waiting does not help."""

    code = "pdf_library_missing"
    status = 503
    message = (
        "This server makes no PDF: the library Pango is not installed on it. Take the "
        "JSON file, which is what was signed, or print the certificate's page. Whoever "
        "runs the server installs Pango."
    )
