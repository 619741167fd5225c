"""What a certificate says that stays, beside what went."""

from telephony.carrier.telnyx.copies import TelnyxCopies
from telephony.recipients import CARRIER


class TestTelnyx:
    def test_keeps_what_its_recipient_says(self):
        for kept in ("90 days", "10 days"):
            assert kept in CARRIER.keeps
            assert kept in TelnyxCopies.keeps_anyway
        assert "text messages" in TelnyxCopies.keeps_anyway.lower()
