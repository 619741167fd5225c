"""What a colleague noted of an alert goes after 90 days, with its key."""

from uuid import UUID

from compliance.alerts.note import open_note
from compliance.alerts.services.see_alert import see_alert
from compliance.keys.keys import keys
from compliance.retention.jobs import holds
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast, actor_for
from tests.clock import StoppedClock
from tests.integration.compliance.alerts.record import alerts, look, rows, write
from tests.integration.telephony.posts import run_all_jobs

FORGOTTEN = "compliance.alert_notes.forgotten"


def _note(cast: Cast, words: str) -> UUID:
    write(cast.alder, "compliance.access.exported", cast.ben, count=1234)
    look()
    (alert,) = alerts(cast.alder)
    with tenancy.scope(cast.alder.organization.id):
        actor = actor_for(cast.cy, cast.alder, "auditor")
        see_alert(actor=actor, alert_id=alert.id, note=words, now=utc_now())
    return alert.id


def _has_key(cast: Cast, alert_id: UUID) -> bool:
    return keys().has_row_key(
        organization_id=cast.alder.organization.id, row_id=alert_id
    )


class TestForgetNotes:
    def test_empties_them_and_destroys_their_keys(
        self, cast: Cast, stopped_clock: StoppedClock
    ):
        alert_id = _note(cast, "Hannah Wells asked for it")
        (copied,) = alerts(cast.alder)
        stopped_clock.move(days=89)
        holds()
        run_all_jobs(cast)
        assert (open_note(copied), _has_key(cast, alert_id)) == (
            "Hannah Wells asked for it",
            True,
        )

        stopped_clock.move(days=2)
        holds()
        run_all_jobs(cast)

        (alert,) = alerts(cast.alder)
        assert (alert.note_sealed, alert.seen_by_id) == (None, cast.cy.id)
        # Nor does what somebody copied the day before open.
        assert (open_note(copied), _has_key(cast, alert_id)) == ("", False)
        (row,) = rows(cast.alder, FORGOTTEN)
        assert (row.actor_kind, row.facts) == ("system", {"count": 1})

    def test_writes_nothing_where_there_are_none(
        self, cast: Cast, stopped_clock: StoppedClock
    ):
        _note(cast, "")
        stopped_clock.move(days=91)

        holds()

        assert rows(cast.alder, FORGOTTEN) == []
