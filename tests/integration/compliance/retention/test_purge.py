from datetime import UTC, datetime, timedelta

import pytest

from compliance.ledger import sink
from compliance.ledger.models import AuditLog
from compliance.retention.models import RetentionBatch, RetentionRun
from sondervoice.kernel import tenancy
from tests.integration.compliance.retention.nights import (
    THREE,
    counts_of,
    has_key,
    has_sound,
    is_gone,
    is_whole,
    read,
    run_night,
    run_of,
    spool_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


class TestNight:
    def test_takes_exactly_what_is_due(self, cast, make_due, three):
        before, on, after = make_due(1), make_due(0), make_due(-1)
        spool_of(on).parent.mkdir(parents=True, exist_ok=True)
        spool_of(on).write_bytes(b"left behind")
        assert all(is_whole(call) for call in (before, on, after))

        run_night(cast)

        assert [is_gone(before), is_gone(on), is_whole(after)] == [True, True, True]
        run = run_of(cast.alder.organization.id)
        assert counts_of(run) == (2, 2, 2, 2)
        assert run.finished_at == THREE

    def test_takes_nothing_the_second_time(self, cast, make_due, three):
        make_due(0)
        run_night(cast)
        before = _audits(cast)

        run_night(cast)
        three.move(days=1)
        run_night(cast)

        run = run_of(cast.alder.organization.id, THREE + timedelta(days=1))
        assert counts_of(run) == (0, 0, 0, 0)
        assert run.finished_at == THREE + timedelta(days=1)
        assert _audits(cast) == {**before, "compliance.purge.finished": 2}

    def test_leaves_the_other_clinic_alone(self, cast, make_due, three):
        make_due(0)

        run_night(cast)

        assert counts_of(run_of(cast.birch.organization.id)) == (0, 0, 0, 0)

    def test_says_in_the_record_what_went(self, cast, make_due, three):
        make_due(0)

        run_night(cast)

        with tenancy.scope(cast.alder.organization.id):
            run = RetentionRun.objects.get()
            rows = AuditLog.objects.filter(action__startswith="compliance.")
            said = {
                (row.action, row.subject_id, *sorted(row.facts.items())) for row in rows
            }
        erased = "compliance.data.erased"
        assert said == {
            *(
                (erased, run.id, ("erased", 1), ("kind", kind), ("rows", 1))
                for kind in ("audio", "transcript", "fields", "metadata")
            ),
            (
                "compliance.purge.finished",
                run.id,
                ("audio", 1),
                ("fields", 1),
                ("metadata", 1),
                ("transcript", 1),
            ),
        }

    def test_keeps_no_list_of_what_went(self, cast, make_due, three):
        make_due(0)

        run_night(cast)

        with tenancy.scope(cast.alder.organization.id):
            batches = list(RetentionBatch.objects.values_list("ids", "checked_at"))
        assert batches == [([], THREE)] * 4

    @pytest.mark.parametrize("kind", ["audio", "transcript", "fields"])
    def test_takes_one_kind_alone_and_leaves_the_key(self, cast, make_due, three, kind):
        later = THREE + timedelta(days=90)
        kinds = {"audio", "transcript", "fields", "metadata"} - {kind}
        call = make_due(0, **{f"{one}_erase_after": later for one in kinds})

        run_night(cast)

        run = run_of(cast.alder.organization.id)
        again = read(call)
        assert has_key(call)
        assert sum(counts_of(run)) == getattr(run, f"{kind}_count") == 1
        assert getattr(again, f"{kind}_erased_at") == THREE
        assert [getattr(again, f"{one}_erased_at") for one in kinds] == [None] * 3
        assert has_sound(call) == (kind != "audio")

    @pytest.mark.parametrize("kind", ["audio", "transcript", "fields"])
    def test_keeps_the_number_until_all_that_it_finds_is_over(
        self, cast, make_due, three, kind
    ):
        call = make_due(0, **{f"{kind}_erase_after": THREE + timedelta(days=1)})

        run_night(cast)

        again = read(call)
        assert (again.metadata_erased_at, bytes(again.caller_index)) == (
            None,
            bytes(call.caller_index),
        )
        assert run_of(cast.alder.organization.id).finished_at == THREE

        three.move(days=1)
        run_night(cast)

        assert is_gone(call)

    def test_goes_on_where_the_days_come_one_after_another(self, cast, make_due, three):
        call = make_due(0, metadata_erase_after=THREE + timedelta(hours=20))
        run_night(cast)
        assert has_key(call)

        three.move(days=1)
        run_night(cast)

        assert is_gone(call)

    @pytest.mark.parametrize(
        "night",
        [
            # The clock changes in Chicago, in Berlin, on Lord Howe Island.
            datetime(2026, 3, 8, 3, tzinfo=UTC),
            datetime(2026, 3, 29, 3, tzinfo=UTC),
            datetime(2026, 4, 5, 3, tzinfo=UTC),
            datetime(2026, 10, 25, 3, tzinfo=UTC),
            datetime(2026, 11, 1, 3, tzinfo=UTC),
        ],
    )
    @pytest.mark.parametrize(
        "zone", ["America/Chicago", "Europe/Berlin", "Australia/Lord_Howe"]
    )
    def test_is_the_same_in_every_time_zone_on_every_night(
        self, cast, make_due, three, night, zone, monkeypatch
    ):
        # The record has a partition for each month from this one on.
        monkeypatch.setattr(sink, "utc_now", lambda: datetime.now(UTC))
        clinic = cast.alder.organization
        with tenancy.scope(clinic.id):
            type(clinic).objects.filter(pk=clinic.id).update(timezone=zone)
        three.at = night
        before, on, after = (make_due(days, at=night) for days in (1, 0, -1))

        run_night(cast)

        assert [is_gone(before), is_gone(on), is_whole(after)] == [True, True, True]
        assert counts_of(run_of(clinic.id, night)) == (2, 2, 2, 2)


def _audits(cast) -> dict[str, int]:
    with tenancy.scope(cast.alder.organization.id):
        actions = AuditLog.objects.filter(action__startswith="compliance.").values_list(
            "action", flat=True
        )
        found = list(actions)
    return {action: found.count(action) for action in found}
