import pytest

from accounts.sso.errors import SsoRefusedError
from accounts.sso.secrets import seal, unseal
from sondervoice.kernel.ids import uuid7

PLAIN = b"known to two"


class TestSeal:
    def test_opens_in_its_row(self):
        row_id = uuid7()

        sealed = seal(PLAIN, row_id=row_id)

        assert PLAIN not in sealed
        assert len(sealed) == 12 + len(PLAIN) + 16
        assert unseal(sealed, row_id=row_id) == PLAIN

    def test_opens_in_no_other_row(self):
        with pytest.raises(SsoRefusedError):
            unseal(seal(PLAIN, row_id=uuid7()), row_id=uuid7())

    def test_does_not_open_once_changed(self):
        row_id = uuid7()
        sealed = bytearray(seal(PLAIN, row_id=row_id))
        sealed[-1] ^= 1

        with pytest.raises(SsoRefusedError):
            unseal(bytes(sealed), row_id=row_id)
        with pytest.raises(SsoRefusedError):
            unseal(b"", row_id=row_id)

    def test_does_not_open_under_another_key(self, settings):
        row_id = uuid7()
        sealed = seal(PLAIN, row_id=row_id)

        settings.SECRET_KEY = "another" * 8

        with pytest.raises(SsoRefusedError):
            unseal(sealed, row_id=row_id)
