"""What a certificate says that stays, beside what went."""

import pytest

from compliance.certificates.words import CANNOT_PROVE
from telephony.carrier.telnyx.copies import TelnyxCopies
from telephony.recipients import CARRIER


class TestCannotProve:
    @pytest.mark.parametrize(
        "words",
        [
            # 0020: askings are sealed under a key made from SECRET_KEY.
            "what somebody wrote at /forget-me/",
            # The database has it in the clear until the number is erased.
            "the carrier's id of each call",
            # Under the key of a call that stays.
            "opens by that call's key",
        ],
    )
    def test_says_what_older_copies_still_tell(self, words):
        assert sum(words in sentence for sentence in CANNOT_PROVE) == 1


class TestTelnyx:
    def test_keeps_what_its_recipient_says(self):
        for kept in ("90 days", "10 days"):
            assert kept in CARRIER.keeps
            assert kept in TelnyxCopies.keeps_anyway
        assert "text messages" in TelnyxCopies.keeps_anyway.lower()
