import re
from uuid import UUID

import pytest

from accounts.change_hashes import hashes_of
from sondervoice.kernel.audit import Digest

ALDER, BIRCH = UUID(int=1), UUID(int=2)


def digests(organization_id: UUID = ALDER, **values: object) -> tuple[Digest, Digest]:
    facts = hashes_of(organization_id, before=values, after={**values, "more": 1})
    return facts["before"], facts["after"]


class TestHashesOf:
    def test_are_sixteen_digits_that_hold_no_value(self):
        before, after = digests(name="Alder Clinic")

        assert re.fullmatch(r"[0-9a-f]{16}", before.hex)
        assert re.fullmatch(r"[0-9a-f]{16}", after.hex)
        assert before != after

    def test_are_the_same_for_the_same_in_any_order(self):
        one = hashes_of(ALDER, before={"a": 1, "b": [2]}, after={"b": [2], "a": 1})

        assert one["before"] == one["after"]

    def test_are_another_clinics_own(self):
        assert digests(ALDER, name="x")[0] != digests(BIRCH, name="x")[0]

    def test_need_the_secret(self, settings):
        before = digests(name="x")[0]
        settings.SECRET_KEY = "another one, long enough"

        assert digests(name="x")[0] != before

    def test_leave_out_what_was_not_there(self):
        assert set(hashes_of(ALDER, before=None, after={"a": 1})) == {"after"}
        assert set(hashes_of(ALDER, before={"a": 1}, after=None)) == {"before"}


class TestDigest:
    @pytest.mark.parametrize("same", [True, False])
    def test_compares_by_its_digits(self, same: bool):
        assert (Digest("00") == Digest("00" if same else "01")) is same
