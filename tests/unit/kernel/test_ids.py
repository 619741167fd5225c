from itertools import pairwise

from sondervoice.kernel.ids import uuid7


class TestUuid7:
    def test_is_a_version_7_of_its_own(self):
        made = [uuid7() for _ in range(2_000)]

        assert {one.version for one in made} == {7}
        assert {one.variant for one in made} == {"specified in RFC 4122"}
        assert len(set(made)) == 2_000

    def test_keeps_the_order_of_one_process_within_a_millisecond(self, monkeypatch):
        at = iter(range(1_795_000_000_000_000_000, 1_795_000_000_002_000_000, 250))
        monkeypatch.setattr("time.time_ns", lambda: next(at))

        made = [uuid7() for _ in range(8_000)]

        assert all(one < later for one, later in pairwise(made))
        assert made[0].int >> 80 == 1_795_000_000_000
