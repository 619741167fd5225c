"""The door through which words leave for a person: mail.

Whoever writes calls it from a job, with an address read in that job: no address rests
in a queue.
"""

from dataclasses import dataclass
from smtplib import SMTPException

from django.core.mail import EmailMessage

from sondervoice.kernel.errors import VendorError


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to one person, as plain text."""

    to: str
    subject: str
    text: str


def send(letter: Letter) -> None:
    """Send the letter, and wait until the mail server has taken it.

    Raises:
        VendorError: If it was not taken; permanent when the address was refused.
    """
    message = EmailMessage(subject=letter.subject, body=letter.text, to=[letter.to])
    # Mail that answers itself must not answer us (RFC 3834).
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        message.send()
    except (SMTPException, OSError) as error:
        code = getattr(error, "smtp_code", 0)
        raise VendorError(
            "mail", category=type(error).__name__, permanent=500 <= code < 600
        ) from None
