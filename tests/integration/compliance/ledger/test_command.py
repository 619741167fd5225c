from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from compliance import tasks
from compliance.ledger.signer import signer
from compliance.tasks import anchor_ledger, seal_ledger
from tests.cast import Cast
from tests.clock import StoppedClock, stopped_clock
from tests.integration.compliance.ledger.record import (
    asked,
    owner_connection,
    superuser_connection,
    write_row,
)

__all__ = ["stopped_clock"]

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]


@pytest.fixture
def anchors(tmp_path: Path, settings) -> Path:
    settings.LEDGER_ANCHOR_DIR = tmp_path / "anchors"
    return settings.LEDGER_ANCHOR_DIR


def _said(*arguments: str) -> str:
    out = StringIO()
    call_command("ledger", *arguments, stdout=out)
    return out.getvalue()


class TestLedgerCommand:
    def test_says_that_nothing_was_changed(self, cast: Cast, anchors: Path):
        write_row(cast.alder.organization.id)

        assert _said("seal") == "1 rows sealed\n"
        assert _said("anchor") == "1 organizations anchored\n"
        assert _said("verify") == (
            "1 rows of 1 records looked at, 1 of them anchored in 1 anchors; "
            "0 too new to be sealed.\n"
            "Nothing was changed since it was sealed.\n"
        )

    def test_names_the_row_that_was_deleted_and_fails(self, cast: Cast, anchors: Path):
        write_row(cast.alder.organization.id)
        _said("seal")
        _said("anchor")
        with superuser_connection() as hands:
            hands.execute("SET session_replication_role = replica")
            hands.execute("ALTER TABLE audit_logs DISABLE RULE prevent_audit_delete")
            hands.execute("ALTER TABLE audit_logs DISABLE TRIGGER audit_no_change")
            ((row,),) = hands.execute("DELETE FROM audit_logs RETURNING id").fetchall()
            hands.execute(
                "ALTER TABLE audit_logs ENABLE ALWAYS TRIGGER audit_no_change"
            )
            hands.execute("ALTER TABLE audit_logs ENABLE RULE prevent_audit_delete")
        out = StringIO()

        with pytest.raises(CommandError, match="1 things are not as sealed"):
            call_command("ledger", "verify", stdout=out)

        line = out.getvalue().splitlines()[0]
        assert line.startswith(
            f"deleted: of {cast.alder.organization.id} row 0 {row} of 20"
        )
        assert line.endswith("UTC: the row is gone")

    def test_believes_a_key_that_it_is_given(self, cast: Cast, anchors: Path):
        write_row(cast.alder.organization.id)
        _said("seal")
        _said("anchor")

        assert "Nothing was changed" in _said("verify", "--key", _said("key").strip())
        with pytest.raises(CommandError, match="no Ed25519 verifier key"):
            _said("verify", "--key", "nonsense")

    def test_needs_the_role_that_seals(self, cast: Cast, monkeypatch):
        monkeypatch.delitem(django_settings.DATABASES, "sealer")

        with pytest.raises(CommandError, match="DATABASE_SEALER_URL"):
            _said("verify")


class TestClock:
    def test_seals_every_five_seconds_and_anchors_every_five_minutes(self, settings):
        schedule = settings.CELERY_BEAT_SCHEDULE

        assert schedule["seal-ledger"] == {
            "task": "compliance.seal_ledger",
            "schedule": 5.0,
        }
        assert schedule["anchor-ledger"] == {
            "task": "compliance.anchor_ledger",
            "schedule": 300.0,
        }

    def test_seals_and_anchors_by_the_keys_of_the_settings(
        self, cast: Cast, anchors: Path
    ):
        write_row(cast.alder.organization.id)

        seal_ledger()
        anchor_ledger()

        ((note,),) = asked("SELECT note FROM ledger_checkpoints")
        assert note.splitlines()[-1].startswith(f"\u2014 {signer().verifier.name} ")
        assert [path.name for path in anchors.iterdir()] == ["0000000001.jsonl"]

    def test_says_so_where_an_anchor_does_not_fit(
        self, cast: Cast, anchors: Path, caplog
    ):
        anchors.mkdir()
        line = '{"organization_id":"%s","start":0,"leaves":[],"note":"%s"}'
        note = (
            "o\\n1\\n" + "A" * 43 + "=\\nsealed 2026-11-26T00:00:00Z\\n\\n\u2014 x y\\n"
        )
        content = line % (cast.alder.organization.id, note)
        (anchors / "0000000001.jsonl").write_text(content)
        write_row(cast.alder.organization.id)
        seal_ledger()

        anchor_ledger()

        assert "an anchor stands that this database does not agree with" in caplog.text
        assert asked("SELECT count(*) FROM ledger_anchors") == [(0,)]

    def test_says_so_where_rows_wait_for_long(
        self, cast: Cast, anchors: Path, stopped_clock: StoppedClock, caplog
    ):
        write_row(cast.alder.organization.id)
        with owner_connection() as owner, owner.transaction():
            owner.execute("SELECT pg_current_xact_id()")
            write_row(cast.alder.organization.id)
            seal_ledger()
            assert caplog.text == ""

            stopped_clock.move(seconds=61)
            seal_ledger()

        assert "wait unsealed for more than a minute" in caplog.text

    def test_says_so_where_sealing_fails(
        self, cast: Cast, anchors: Path, stopped_clock: StoppedClock, caplog,
        monkeypatch,
    ):  # fmt: skip
        def fail(**_: object) -> int:
            raise PermissionError

        monkeypatch.setattr(tasks.sealing, "seal_rows", fail)
        write_row(cast.alder.organization.id)
        stopped_clock.move(seconds=61)

        with pytest.raises(PermissionError):
            seal_ledger()

        assert "wait unsealed for more than a minute" in caplog.text

    def test_says_so_where_the_state_of_the_sealer_is_gone(
        self, cast: Cast, anchors: Path, stopped_clock: StoppedClock, caplog
    ):
        write_row(cast.alder.organization.id)
        stopped_clock.move(seconds=61)
        with superuser_connection() as hands:
            ((horizon,),) = hands.execute(
                "DELETE FROM ledger_state RETURNING horizon::text"
            ).fetchall()
        try:
            with pytest.raises(TypeError):
                seal_ledger()
        finally:
            with superuser_connection() as hands:
                hands.execute(
                    "INSERT INTO ledger_state (horizon) VALUES (%s::xid8)", [horizon]
                )

        assert "wait unsealed for more than a minute" in caplog.text

    def test_says_so_where_anchoring_fails_for_long(
        self, cast: Cast, anchors: Path, stopped_clock: StoppedClock, caplog,
        monkeypatch,
    ):  # fmt: skip
        def fail(**_: object) -> int:
            raise PermissionError

        monkeypatch.setattr(tasks.anchoring, "anchor_checkpoints", fail)
        write_row(cast.alder.organization.id)
        seal_ledger()

        for seconds, is_told in ((0, False), (14 * 60, False), (61, True)):
            stopped_clock.move(seconds=seconds)
            with pytest.raises(PermissionError):
                anchor_ledger()
            assert ("in no anchor for more than 15 minutes" in caplog.text) is is_told
