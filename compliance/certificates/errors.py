"""What can go wrong with certificates, in our words."""

from sondervoice.kernel.errors import ConflictError, NotFoundError


class CertificateNotFoundError(NotFoundError):
    """No certificate of the clinic has this id."""

    code = "certificate_not_found"
    message = "There is no such certificate."


class PdfBusyError(ConflictError):
    """Another page is being drawn, or this server has nothing to draw with."""

    code = "pdf_busy"
    status = 503
    message = (
        "The PDF cannot be made just now. Try again in a moment, or take the JSON "
        "file: it is what was signed."
    )
