import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import OperationalError

from compliance.ledger.anchors import FileAnchors
from compliance.ledger.findings import Wrong
from compliance.ledger.models import AuditLog
from compliance.ledger.offline import check_record
from compliance.ledger.proofs import find_sealed, record_lines
from compliance.ledger.services.anchor_checkpoints import anchor_checkpoints
from compliance.ledger.services.drop_old_months import drop_old_months
from compliance.ledger.services.verify_ledger import verify_ledger
from sondervoice.kernel import tenancy
from tests.cast import NOW, Cast
from tests.integration.compliance.ledger.record import (
    SIGNER,
    asked,
    owner_connection,
    seal,
    superuser_connection,
    write_row,
)

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]

OLD = date(2018, 1, 1)
SEVEN_YEARS = 2_557


@pytest.fixture
def alder(cast: Cast):
    """Return a clinic with five rows of January 2018 and one of today."""
    of = cast.alder.organization.id
    with owner_connection() as owner:
        owner.execute(
            "CREATE TABLE audit_logs_2018_01 PARTITION OF audit_logs FOR VALUES "
            "FROM ('2018-01-01 00:00+00') TO ('2018-02-01 00:00+00')"
        )
        owner.execute("CALL guard_audit_table('audit_logs_2018_01')")
        owner.execute(
            "INSERT INTO audit_logs SELECT gen_random_uuid(), %s, "
            "'2018-01-31 23:59+00', 'system', NULL, 'tests.thing.counted', 'thing', "
            "NULL, '[]', '{}' FROM generate_series(1, 5)",
            [of],
        )
    write_row(of)
    yield of
    with owner_connection() as owner:
        owner.execute("DROP TABLE IF EXISTS audit_logs_2018_01")
        owner.execute("DELETE FROM ledger_dropped")


@pytest.fixture
def store(tmp_path: Path) -> FileAnchors:
    return FileAnchors(tmp_path / "anchors")


def _drop(now: datetime = NOW) -> list[date]:
    return drop_old_months(keep_days=SEVEN_YEARS, now=now)


def _is_there() -> bool:
    return asked("SELECT to_regclass('audit_logs_2018_01') IS NOT NULL") == [(True,)]


class TestOldMonth:
    def test_goes_and_leaves_its_leaves_and_a_row_that_says_so(
        self, alder: UUID, store: FileAnchors
    ):
        seal()
        anchor_checkpoints(store=store, now=NOW)

        assert _drop() == [OLD]

        assert not _is_there()
        row = AuditLog.unscoped.get(action="compliance.record.month_dropped")
        assert row.facts == {"year": 2018, "month": 1, "rows": 5}
        assert asked("SELECT count(*) FROM ledger_leaves") == [(6,)]
        seal()
        verdict = verify_ledger(store=store, verifiers=[SIGNER.verifier])
        assert verdict.findings == ()
        assert verdict.rows == 7

    def test_leaves_a_record_that_can_be_checked_elsewhere(
        self, alder: UUID, store: FileAnchors
    ):
        seal()
        anchor_checkpoints(store=store, now=NOW)
        _drop()

        with tenancy.scope(alder):
            sealed = find_sealed(alder)
        *lines, last = "".join(record_lines(alder, sealed)).splitlines()

        assert [line[:8] for line in lines] == 5 * ['{"leaf":'] + ['{"at": "']
        key, note = SIGNER.verifier.as_text(), json.loads(last)["checkpoint"]
        said = check_record.check_record(lines, note, key)
        assert "Of 5 of them only the hash is here: 1 to 5. What they said" in said

    def test_stays_until_its_last_day_is_seven_years_old(
        self, alder: UUID, store: FileAnchors
    ):
        seal()
        anchor_checkpoints(store=store, now=NOW)
        due = datetime(2018, 2, 1, tzinfo=UTC) + timedelta(days=SEVEN_YEARS)

        assert _drop(due - timedelta(seconds=1)) == []
        assert _is_there()
        assert _drop(due) == [OLD]

    def test_stays_while_it_is_not_anchored(
        self, alder: UUID, store: FileAnchors, caplog
    ):
        seal()

        assert _drop() == []
        assert _is_there()
        assert "is due and is not anchored" in caplog.text

    def test_stays_while_a_row_of_it_is_not_sealed(self, alder: UUID):
        with pytest.raises(OperationalError, match="not sealed"):
            asked("SELECT drop_audit_month('2018-01-01')")

        assert _is_there()

    def test_of_less_than_six_years_ago_is_refused_whoever_asks(self, alder: UUID):
        with (
            superuser_connection() as hands,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            hands.execute("SELECT drop_audit_month(now()::date - 2100)")

    def test_that_somebody_else_dropped_is_named(self, alder: UUID, store: FileAnchors):
        seal()
        anchor_checkpoints(store=store, now=NOW)
        with superuser_connection() as hands:
            hands.execute("DROP TABLE audit_logs_2018_01")

        (finding,) = verify_ledger(store=store, verifiers=[SIGNER.verifier]).findings

        assert finding.wrong is Wrong.PARTITION
        assert finding.words == "audit_logs_2018_01 is gone with 5 sealed rows"
