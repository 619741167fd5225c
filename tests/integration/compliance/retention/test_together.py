"""Kinds of a call that are due on one night go at once; others wait for their own."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.retention.models import RetentionBatch
from compliance.retention.services.purge import purge
from compliance.retention.services.start_runs import start_runs
from sondervoice.kernel import tenancy
from sondervoice.kernel.personal_data import DATA_CLASSES
from tests.integration.compliance.retention.nights import (
    THREE,
    counts_of,
    is_gone,
    read,
    run_night,
    run_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

LATER = THREE + timedelta(days=90)


def _due_alone(*kinds: str) -> dict[str, object]:
    return {f"{one}_erase_after": LATER for one in DATA_CLASSES if one not in kinds}


def _gone(call) -> set[str]:
    again = read(call)
    return {one for one in DATA_CLASSES if getattr(again, f"{one}_erased_at")}


def _statements(cast) -> list[str]:
    """Return what a purge of one clinic asks the database."""
    start_runs(due_at=THREE, now=THREE)
    clinic = cast.alder.organization.id
    with CaptureQueriesContext(connection) as asked:
        purge(organization_id=clinic, run_id=run_of(clinic).id, now=THREE)
    return [one["sql"] for one in asked]


class TestKindsOfACall:
    def test_go_by_what_is_due_of_each(self, cast, make_due, three):
        whole = make_due(1)
        heard = make_due(0, **_due_alone("audio", "transcript"))
        number = make_due(0, **_due_alone("metadata"))  # it finds the rest: it waits

        run_night(cast)

        assert is_gone(whole)
        assert _gone(heard) == {"audio", "transcript"}
        assert _gone(number) == set()
        assert counts_of(run_of(whole.organization_id)) == (2, 2, 1, 1)
        with tenancy.scope(whole.organization_id):
            names = RetentionBatch.objects.values_list("holder", flat=True)
            assert Counter(names) == {
                "recordings.audio": 2,
                "recordings.transcript": 2,
                "telephony.fields": 1,
                "telephony.metadata": 1,
            }

    def test_write_its_row_once(self, cast, make_due, three):
        calls = [make_due(days) for days in range(3)]

        asked = _statements(cast)

        assert all(is_gone(call) for call in calls)
        written = [one for one in asked if one.startswith('UPDATE "telephony_call"')]
        assert len(written) == 1

    def test_are_erased_and_looked_for_by_as_many_statements_for_one_call_as_for_six(
        self, cast, make_due, three
    ):
        make_due(0)
        few = len(_statements(cast))
        three.move(days=1)
        for days in range(6):
            make_due(days)
        start_runs(due_at=three.at, now=three.at)
        clinic = cast.alder.organization.id

        with CaptureQueriesContext(connection) as asked:
            run = run_of(clinic, three.at)
            purge(organization_id=clinic, run_id=run.id, now=three.at)

        assert counts_of(run_of(clinic, three.at)) == (6, 6, 6, 6)
        assert len(asked) == few
