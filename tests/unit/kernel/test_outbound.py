"""What the mail server says, and whether a letter is tried again."""

from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

import pytest
from django.core.mail import EmailMessage

from sondervoice.kernel.errors import VendorError
from sondervoice.kernel.outbound import Letter, send

TO = "hannah@home.example"


@pytest.fixture
def server(monkeypatch):
    """Have the server answer with an error."""

    def answers(error: Exception) -> None:
        def fail(_message: EmailMessage) -> None:
            raise error

        monkeypatch.setattr(EmailMessage, "send", fail)

    return answers


class TestLetter:
    @pytest.mark.parametrize(
        ("error", "permanent"),
        [
            (SMTPRecipientsRefused({TO: (550, b"No such user")}), True),
            (SMTPRecipientsRefused({TO: (450, b"Mailbox busy")}), False),
            (SMTPDataError(554, b"Not this letter"), True),
            (SMTPDataError(451, b"Later"), False),
            (SMTPAuthenticationError(535, b"Wrong password"), False),
            (SMTPSenderRefused(530, b"Sign in first", "us@sonder.example"), False),
            (SMTPConnectError(554, b"No service"), False),
            (SMTPServerDisconnected("Gone"), False),
            (ConnectionRefusedError(111, "Refused"), False),
        ],
        ids=lambda one: type(one).__name__ if isinstance(one, Exception) else str(one),
    )
    def test_ends_for_good_when_it_or_its_address_is_refused(
        self, server, error, permanent
    ):
        server(error)

        with pytest.raises(VendorError) as found:
            send(Letter(to=TO, subject="S", text="T"))

        assert (found.value.category, found.value.permanent) == (
            type(error).__name__,
            permanent,
        )
        assert "hannah" not in str(found.value)
