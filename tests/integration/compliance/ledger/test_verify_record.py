"""The clock's look at the whole record, once a day."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import ProgrammingError, connection

from accounts.models import User
from compliance import tasks
from compliance.alerts.services.watch_record import watch_record
from compliance.ledger.anchors import AnchorBrokenError
from compliance.ledger.models import AuditLog
from compliance.ledger.verified import Verified, find_verified
from compliance.tasks import anchor_ledger, seal_ledger, verify_record
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from tests.cast import Cast
from tests.cast_fixtures import SignIn
from tests.clock import StoppedClock, stopped_clock
from tests.integration.accounts.operators.conftest import tove
from tests.integration.compliance.alerts.record import told
from tests.integration.compliance.ledger.record import asked, write_row
from tests.integration.compliance.ledger.test_verify_ledger import superuser
from tests.integration.telephony.posts import run_all_jobs

__all__ = ["stopped_clock", "superuser", "tove"]

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]

DUE = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
ALARM = "the record was verified and is not whole"


@pytest.fixture
def alder(
    cast: Cast, tmp_path: Path, settings, stopped_clock: StoppedClock
) -> Iterator[UUID]:
    """Return a clinic with three sealed and anchored rows, at ten past four."""
    settings.LEDGER_ANCHOR_DIR = tmp_path / "anchors"
    stopped_clock.at = DUE + timedelta(minutes=10)
    of = cast.alder.organization.id
    for number in range(3):
        write_row(of, count=number)
        write_row(cast.birch.organization.id, count=number)
    seal_ledger()
    anchor_ledger()
    return of


@pytest.fixture
def sealing_fails(alder: UUID, monkeypatch) -> None:
    def fail(**_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(tasks.sealing, "seal_rows", fail)


def _edit(superuser: psycopg.Connection, of: UUID, *, count: int = 1) -> None:
    """Change what is said in the newest rows of a clinic."""
    superuser.execute(
        "UPDATE audit_logs SET action = 'tests.thing.forged' WHERE id IN (SELECT id "
        "FROM audit_logs WHERE organization_id = %s ORDER BY id LIMIT %s)",
        [of, count],
    )


def _kept() -> list[tuple]:
    return asked(
        "SELECT due_at, rows, anchors, findings, kinds::text "
        "FROM ledger_verifications ORDER BY due_at"
    )


def _seen_by(organization_id: UUID) -> Verified | None:
    with tenancy.scope(organization_id):
        return find_verified(organization_id, now=utc_now())


def _differed(organization_id: UUID) -> list[dict]:
    with tenancy.scope(organization_id):
        rows = AuditLog.objects.filter(action="compliance.record.differed")
        return [row.facts for row in rows.order_by("at", "id")]


class TestDailyLook:
    def test_stands_in_the_schedule(self, settings):
        assert settings.CELERY_BEAT_SCHEDULE["verify-record"] == {
            "task": "compliance.verify_record",
            "schedule": 600.0,
        }

    def test_finds_a_whole_record_whole(self, alder: UUID, caplog):
        assert _seen_by(alder) is None

        verify_record()

        assert _kept() == [(DUE, 6, 1, 0, "{}")]
        assert _seen_by(alder) == Verified(
            at=utc_now(), rows=3, changed=0, are_lines=True, waits=False, is_old=False
        )
        assert caplog.text == ""
        assert _differed(alder) == []

    def test_tells_of_rows_that_were_edited(
        self, cast: Cast, alder: UUID, superuser: psycopg.Connection, caplog
    ):
        _edit(superuser, alder, count=2)

        verify_record()

        assert _kept() == [(DUE, 6, 1, 2, '{"edited": 2}')]
        found = _seen_by(alder)
        assert (found.rows, found.changed, found.are_lines) == (3, 2, True)
        assert _seen_by(cast.birch.organization.id).changed == 0
        (line,) = [one for one in caplog.records if one.message == ALARM]
        assert line.levelname == "CRITICAL"
        assert (line.findings, line.kinds) == (2, "edited 2")

    def test_tells_everybody_of_what_is_of_no_clinic(
        self, cast: Cast, alder: UUID, tmp_path: Path, stopped_clock: StoppedClock
    ):
        (tmp_path / "anchors" / "0000000001.jsonl").unlink()

        verify_record()

        assert _kept() == [(DUE, 6, 1, 1, '{"anchor_changed": 1}')]
        for of in (alder, cast.birch.organization.id):
            found = _seen_by(of)
            assert (found.changed, found.are_lines) == (1, False)

    def test_does_not_find_what_waited_for_a_worker_that_stood_still(
        self, alder: UUID, stopped_clock: StoppedClock
    ):
        write_row(alder)
        stopped_clock.move(hours=5)

        verify_record()

        assert _kept() == [(DUE, 7, 2, 0, "{}")]
        assert not _seen_by(alder).waits

    def test_says_what_waits_and_calls_it_not_changed(
        self, alder: UUID, stopped_clock: StoppedClock, caplog, sealing_fails
    ):
        write_row(alder)
        stopped_clock.move(minutes=11)

        verify_record()

        assert _kept() == [(DUE, 6, 1, 1, '{"not_sealed": 1}')]
        found = _seen_by(alder)
        assert (found.changed, found.waits) == (0, True)
        assert ALARM in caplog.messages
        assert _differed(alder) == []


class TestAlert:
    def test_is_raised_once_for_a_number(
        self, cast: Cast, alder: UUID, superuser: psycopg.Connection,
        stopped_clock: StoppedClock, caplog,
    ):  # fmt: skip
        _edit(superuser, alder)
        for _ in range(2):
            verify_record()
            watch_record(now=utc_now())
            stopped_clock.move(days=1)

        assert _differed(alder) == [{"count": 1}]
        assert told(cast.alder) == [("record_changed", None, 1)]
        assert told(cast.birch) == []
        # The operators are told at each look.
        assert caplog.messages.count(ALARM) == 2

        _edit(superuser, alder, count=3)
        verify_record()
        watch_record(now=utc_now())

        assert _differed(alder) == [{"count": 1}, {"count": 3}]
        run_all_jobs(cast)
        bodies = [one.body for one in mail.outbox if cast.ada.email in one.to]
        assert sum("3 things in the record are not as" in one for one in bodies) == 1


class TestProofPage:
    @pytest.fixture
    def said(self, cast: Cast, alder: UUID, signed_in: SignIn) -> Callable[[], str]:
        def said() -> str:
            answer = signed_in(cast.cy).get("/app/settings/access/proof/")
            assert answer.status_code == 200
            return " ".join(answer.content.decode().split())

        return said

    def test_says_in_the_clinics_time_that_nothing_was_changed(self, said):
        verify_record()

        # In Chicago.
        assert (
            "Looked at in full on 26 November 2026, 22:10: 3 lines, nothing was "
            "changed since it was sealed. </span>" in said()
        )

    def test_says_that_nobody_looked_yet(self, said):
        assert "<p>Not looked at in full yet. That happens once a day.</p>" in said()

    def test_says_how_many_lines_are_not_as_sealed(
        self, alder: UUID, superuser: psycopg.Connection, said,
        stopped_clock: StoppedClock,
    ):  # fmt: skip
        _edit(superuser, alder)
        verify_record()
        assert (
            "22:10: 1 line is not as it was sealed. SonderVoice has been told. </span>"
            in said()
        )

        _edit(superuser, alder, count=2)
        stopped_clock.move(days=1)
        verify_record()

        assert "22:10: 2 lines are not as they were sealed. SonderVoice" in said()

    def test_says_what_is_no_line_and_what_waits(
        self, alder: UUID, tmp_path: Path, stopped_clock: StoppedClock, said,
        sealing_fails,
    ):  # fmt: skip
        write_row(alder)
        (tmp_path / "anchors" / "0000000001.jsonl").unlink()
        stopped_clock.move(minutes=11)

        verify_record()

        page = said()
        assert "22:21: 1 thing is not as it was sealed. Newer lines wait" in page

    def test_says_since_when_nobody_looked(
        self, alder: UUID, stopped_clock: StoppedClock, said
    ):
        verify_record()
        stopped_clock.move(days=2, seconds=1)

        assert (
            "No look since 26 November 2026, 22:10. Found then: 3 lines, nothing was"
            in said()
        )


class TestOperatorsPage:
    @pytest.mark.django_db(
        transaction=True, databases=["default", "operator", "sealer"]
    )
    def test_names_the_newest_looks_and_what_they_found(
        self, alder: UUID, superuser: psycopg.Connection, tove: User,
        signed_in: SignIn, stopped_clock: StoppedClock,
    ):  # fmt: skip
        def said() -> str:
            answer = signed_in(tove).get("/admin/auditlog/")
            assert answer.status_code == 200
            return " ".join(answer.content.decode().split())

        assert "There was none yet" in said()
        superuser.execute(
            "INSERT INTO ledger_verifications VALUES (%(at)s, %(at)s, %(at)s, 1204, 1, "
            "0, '{}')",
            {"at": DUE - timedelta(days=3)},
        )
        page = said()
        assert "24 November 2026, 04:00 UTC, 1,204 rows and 1 anchor: nothing" in page
        assert "It is late" in page

        _edit(superuser, alder, count=2)
        verify_record()

        page = said()
        assert "<strong>2 findings (edited 2)</strong>" in page
        assert page.index("27 November 2026, 04:10 UTC") < page.index("24 November")
        assert "python manage.py ledger verify" in page
        assert "It is late" not in page


class TestClaim:
    def test_of_two_workers_one_looks(self, alder: UUID, monkeypatch):
        looks = []
        real = tasks.verifying.verify_here

        def verify_here(*, now: datetime):
            looks.append(now)
            # The other one comes while this one looks.
            verify_record()
            return real(now=now)

        monkeypatch.setattr(tasks.verifying, "verify_here", verify_here)

        verify_record()
        verify_record()

        assert looks == [DUE + timedelta(minutes=10)]
        assert len(_kept()) == 1

    @pytest.mark.parametrize("place", ["verifying.verify_here", "finish_slot"])
    def test_of_who_died_is_done_again(
        self, alder: UUID, superuser: psycopg.Connection, monkeypatch, place: str,
        stopped_clock: StoppedClock,
    ):  # fmt: skip
        def die(*_: object, **__: object) -> None:
            raise SystemExit

        _edit(superuser, alder)
        with monkeypatch.context() as broken:
            broken.setattr(f"compliance.tasks.{place}", die)
            with pytest.raises(SystemExit):
                verify_record()
        assert _differed(alder) == []

        stopped_clock.move(minutes=59)
        verify_record()
        assert _differed(alder) == []

        stopped_clock.move(minutes=1)
        verify_record()
        stopped_clock.move(hours=2)
        verify_record()

        assert _differed(alder) == [{"count": 1}]
        assert [row[0] for row in _kept()] == [DUE]

    def test_of_a_day_that_was_missed_is_made_up_for(
        self, alder: UUID, stopped_clock: StoppedClock
    ):
        verify_record()
        stopped_clock.move(days=2, hours=5)
        assert _seen_by(alder).is_old

        verify_record()

        assert [row[0] for row in _kept()] == [DUE, DUE + timedelta(days=2)]
        assert not _seen_by(alder).is_old

    def test_says_so_where_it_could_not_look(self, alder: UUID, tmp_path: Path, caplog):
        (tmp_path / "anchors" / "restores").mkdir()
        (tmp_path / "anchors" / "restores" / "20261127T000000Z.txt").write_text("x")

        with pytest.raises(AnchorBrokenError):
            verify_record()

        assert "the record could not be verified" in caplog.messages
        assert _kept() == []

    def test_needs_the_role_that_seals(self, alder: UUID, monkeypatch):
        with monkeypatch.context() as without:
            without.delitem(django_settings.DATABASES, "sealer")
            verify_record()

        assert _kept() == []
        assert asked("SELECT count(*) FROM ledger_verified") == [(0,)]


class TestKeptLooks:
    def test_go_after_400_days(self, alder: UUID, superuser: psycopg.Connection):
        young, old = DUE - timedelta(days=399), DUE - timedelta(days=401)
        for at in (young, old):
            superuser.execute(
                "INSERT INTO ledger_verifications VALUES (%s, now(), now(), 0, 0, 0, "
                "'{}')",
                [at],
            )
            superuser.execute(
                "INSERT INTO ledger_verified VALUES (%s, %s, now(), 0, '{}')",
                [alder, at],
            )

        verify_record()

        assert [row[0] for row in _kept()] == [young, DUE]
        assert asked(
            "SELECT due_at FROM ledger_verified WHERE organization_id = %s ORDER BY 1",
            alder,
        ) == [(young,), (DUE,)]

    def test_that_are_younger_cannot_be_taken_away_by_the_sealer(
        self, alder: UUID, superuser: psycopg.Connection
    ):
        superuser.execute(
            "INSERT INTO ledger_verifications VALUES (now() - interval '399 days', "
            "now(), now(), 0, 0, 0, '{}')"
        )

        assert asked("DELETE FROM ledger_verifications RETURNING due_at") == []

    def test_are_the_clinics_own_to_read_and_nobodys_to_write(
        self, cast: Cast, alder: UUID
    ):
        verify_record()

        with tenancy.scope(cast.birch.organization.id):
            assert find_verified(alder, now=utc_now()) is None
        for statement in (
            "SELECT * FROM ledger_verifications",
            "DELETE FROM ledger_verified",
            "UPDATE ledger_verified SET kinds = '{}'",
            f"INSERT INTO ledger_verified VALUES ('{alder}', now(), now(), 1, '{{}}')",  # noqa: S608
        ):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                tenancy.scope(alder),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
