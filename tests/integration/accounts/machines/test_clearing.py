from datetime import timedelta

from accounts.machines.models import Tally, TokenFamily
from accounts.machines.services.clear_machines import clear_counts, clear_families
from accounts.machines.services.count_hit import count_hit
from accounts.machines.tasks import clear_machines
from accounts.way_in import signing_in
from sondervoice.kernel.clock import utc_now
from tests.cast import NOW, Cast
from tests.integration.accounts.machines.conftest import Program


class TestCounting:
    def test_begins_anew_a_minute_after_the_first(self, db: None):
        counts = [
            count_hit(kind="k", subject="s", now=NOW + timedelta(seconds=seconds))
            for seconds in (0, 30, 59, 60, 61)
        ]

        assert [(one.count, one.wait_s) for one in counts] == [
            (1, 60),
            (2, 30),
            (3, 1),
            (1, 60),
            (2, 59),
        ]

    def test_keeps_subjects_and_kinds_apart_and_names_neither(self, db: None):
        for kind, subject in (("k", "s"), ("k", "t"), ("l", "s")):
            assert count_hit(kind=kind, subject=subject, now=NOW).count == 1

        names = list(Tally.objects.values_list("name", flat=True))
        assert {len(name) for name in names} == {64}


class TestClearing:
    def test_takes_counts_of_past_minutes(self, db: None):
        count_hit(kind="k", subject="s", now=NOW)

        clear_counts(now=NOW + timedelta(minutes=59))
        kept = Tally.objects.count()
        clear_counts(now=NOW + timedelta(minutes=61))

        assert (kept, Tally.objects.count()) == (1, 0)

    def test_takes_tokens_a_month_after_their_end(self, cast: Cast, bens: Program):
        now = utc_now()

        clear_families(now=now + timedelta(days=30))
        with signing_in():
            kept = TokenFamily.objects.count()
        clear_families(now=now + timedelta(days=31))

        with signing_in():
            assert (kept, TokenFamily.objects.count()) == (1, 0)

    def test_takes_nothing_that_lives(self, cast: Cast, bens: Program):
        clear_machines()

        assert bens.get("calls/").status_code == 200
