"""The doors through which words leave for a person: mail, and text messages.

Whoever writes calls them from a job, with an address read in that job: no address rests
in a queue. Mail is sent from here; whoever knows a carrier installs the other door.
"""

from collections.abc import Callable
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

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
        VendorError: If it was not taken; permanent when the address or the letter was
            refused.
    """
    message = EmailMessage(subject=letter.subject, body=letter.text, to=[letter.to])
    # Mail that answers itself must not answer us (RFC 3834).
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        message.send()
    except (SMTPException, OSError) as error:
        raise VendorError(
            "mail", category=type(error).__name__, permanent=_is_refused(error)
        ) from None


def _is_refused(error: SMTPException | OSError) -> bool:
    """Return whether the address or the letter was refused, for good (RFC 5321, 4.2.1).

    A server that refuses us, for a password say, will take the letter later.
    """
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
    elif isinstance(error, SMTPDataError):
        codes = [error.smtp_code]
    else:
        return False
    return all(500 <= code < 600 for code in codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text message to one telephone; 160 letters of the plain alphabet are one."""

    to_e164: str
    text: str


class TextSenderMissingError(RuntimeError):
    """Nobody sends text messages, or no number is set from which they are sent."""


SendText = Callable[[Text], None]
_texts: list[tuple[SendText, Callable[[], bool]]] = []


def install_text_sender(send: SendText, *, is_ready: Callable[[], bool]) -> None:
    """Make `send` the one door for text messages.

    Args:
        is_ready: Whether the settings name all that sending takes.
    """
    _texts[:] = [(send, is_ready)]


def can_text() -> bool:
    """Return whether text messages can be sent at all."""
    return bool(_texts) and _texts[0][1]()


def send_text(text: Text) -> None:
    """Send the text message, and wait until the carrier has taken it.

    Raises:
        TextSenderMissingError: If none can be sent.
        VendorError: If it was not taken; permanent when the number gets none, as a
            landline.
    """
    if not can_text():
        raise TextSenderMissingError
    _texts[0][0](text)
