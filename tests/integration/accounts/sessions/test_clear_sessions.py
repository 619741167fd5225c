from django.contrib.sessions.models import Session

from accounts.sessions.tasks import clear_old_sessions
from accounts.way_in import signing_in
from compliance.ledger.models import AuditLog
from tests.cast import Cast
from tests.cast_fixtures import SignIn
from tests.clock import StoppedClock
from tests.integration.accounts.sessions.rows import ends_of, record_of, sessions_of


class TestClearSessions:
    def test_closes_what_nobody_came_back_to(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        signed_in(cast.ben)
        stopped_clock.move(hours=11)
        signed_in(cast.ada)
        stopped_clock.move(hours=1, seconds=1)

        clear_old_sessions()

        assert ends_of(cast.ben) == ["idle"]
        (row,) = sessions_of(cast.ben)
        assert (row.ended_at - row.started_at).total_seconds() == 3600
        # Hers is over too, and not so old that it must be seen to.
        assert ends_of(cast.ada) == [""]
        assert record_of()[-1] == "accounts.session.expired"

    def test_forgets_a_month_after_the_end_and_says_how_many(
        self, cast: Cast, signed_in: SignIn, stopped_clock: StoppedClock
    ):
        signed_in(cast.ben)
        signed_in(cast.ben)
        stopped_clock.move(days=1)
        clear_old_sessions()
        stopped_clock.move(days=29, seconds=1)

        clear_old_sessions()
        early = ends_of(cast.ben)
        stopped_clock.move(hours=1)
        clear_old_sessions()

        assert early == ["idle"]
        assert ends_of(cast.ben) == []
        rows = AuditLog.unscoped.filter(action="accounts.sessions.cleared")
        assert [row.facts for row in rows.order_by("at")] == [{"count": 1}] * 2

    def test_deletes_djangos_own_rows_that_expired(self, cast: Cast, signed_in: SignIn):
        key = signed_in(cast.ben).session.session_key
        with signing_in():
            Session.objects.filter(pk=key).update(expire_date="2020-01-01T00:00Z")

        clear_old_sessions()

        assert not Session.objects.filter(pk=key).exists()
        assert ends_of(cast.ben) == [""]
