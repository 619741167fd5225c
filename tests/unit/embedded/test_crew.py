import pytest

from sondervoice.embedded.crew import restart_delay


class TestRestartDelay:
    @pytest.mark.parametrize(
        ("crashes", "delay"),
        [([10.0], 0.5), ([10.0, 11.0], 1.0), ([10.0, 11.0, 13.0, 16.0, 22.0], 8.0)],
    )
    def test_doubles_with_each_crash(self, crashes, delay):
        assert restart_delay(crashes) == delay

    def test_gives_up_at_the_sixth_within_a_minute(self):
        assert restart_delay([1.0, 2.0, 3.0, 4.0, 5.0, 60.9]) is None

    def test_forgives_what_is_older_than_a_minute(self):
        assert restart_delay([1.0, 2.0, 3.0, 4.0, 5.0, 65.0]) == 0.5
