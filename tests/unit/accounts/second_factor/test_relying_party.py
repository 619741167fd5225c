import pytest

from accounts.second_factor.relying_party import offers_passkeys, relying_party_id


class TestRelyingParty:
    @pytest.mark.parametrize(
        ("base", "host", "offers"),
        [
            ("https://clinic.example", "clinic.example", True),
            ("https://clinic.example:8443", "clinic.example", True),
            ("http://localhost:8000", "localhost", True),
            ("http://clinic.example", "clinic.example", False),
            ("http://127.0.0.1:8000", "127.0.0.1", False),
            ("https://[::1]:8000", "::1", False),
        ],
    )
    def test_is_a_name_over_https_or_localhost(self, settings, base, host, offers):
        settings.PUBLIC_BASE_URL = base

        assert relying_party_id() == host
        assert offers_passkeys() is offers
