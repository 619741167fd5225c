import os
from dataclasses import replace

import psycopg
import pytest
from celery.signals import worker_ready
from django.db import DatabaseError, connection, transaction

from compliance.ledger.models import AuditLog
from compliance.ledger.sink import write
from compliance.tasks import make_audit_partitions
from sondervoice.kernel import audit, tenancy
from sondervoice.kernel.audit import AuditSinkMissingError, Entry
from sondervoice.kernel.ids import uuid7
from telephony.models import Call
from telephony.services.end_call import end_call
from tests.cast import NOW
from tests.cast_calls import make_call
from tests.cast_fixtures import cast

__all__ = ["cast"]

REFUSED = r"append-only|permission denied"
VERBS = ("UPDATE {} SET action = 'x'", "DELETE FROM {}", "TRUNCATE {}")


def _entry(organization_id=None, **facts):
    return Entry(
        action="tests.thing.done",
        organization_id=organization_id,
        actor_kind="system",
        actor_id=None,
        subject_kind="thing",
        subject_id=uuid7(),
        facts=facts,
    )


def _tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'audit_logs' UNION ALL SELECT inhrelid::regclass::text "
            "FROM pg_inherits WHERE inhparent = 'audit_logs'::regclass ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


@pytest.fixture
def as_owner(db):
    url = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(
        url, dbname=connection.settings_dict["NAME"], autocommit=True
    ) as owner:
        owner.execute(
            "INSERT INTO audit_logs (id, at, actor_kind, action, subject_kind, fields, "
            "facts) VALUES (%s, now(), 'system', 'tests.row.kept', 'row', '[]', '{}')",
            [uuid7()],
        )
        yield owner


def _count(owner):
    (count,) = owner.execute("SELECT count(*) FROM audit_logs").fetchone()
    return count


@pytest.mark.django_db
class TestRecord:
    def test_has_a_partition_for_this_month_and_the_next_three(self):
        assert len(_tables()) >= 5

    def test_asks_for_partitions_whenever_a_worker_starts(self, monkeypatch):
        asked = []
        monkeypatch.setattr(make_audit_partitions, "delay", lambda: asked.append(1))

        receivers = [receiver for _, receiver in worker_ready.receivers]
        makers = [r for r in receivers if r().__name__ == "make_partitions_now"]
        makers[0]()(sender=None)

        assert len(makers) == 1
        assert asked == [1]

    def test_asks_for_partitions_every_hour(self, settings):
        assert settings.CELERY_BEAT_SCHEDULE["make-audit-partitions"] == {
            "task": "compliance.make_audit_partitions",
            "schedule": 3600.0,
        }

    def test_makes_partitions_that_are_missing_and_no_others(self):
        before = _tables()

        make_audit_partitions()

        assert _tables() == before

    @pytest.mark.parametrize("verb", VERBS)
    def test_refuses_every_change_by_the_application(self, verb):
        for table in _tables():
            with (
                pytest.raises(DatabaseError, match=REFUSED),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(verb.format(table))

    @pytest.mark.parametrize("verb", VERBS)
    def test_refuses_every_change_by_its_owner(self, as_owner, verb):
        before = _count(as_owner)

        for table in _tables():
            with pytest.raises(psycopg.Error, match=REFUSED):
                as_owner.execute(verb.format(table))

        assert _count(as_owner) == before > 0

    def test_refuses_truncation_through_another_table(self, as_owner):
        before = _count(as_owner)

        with pytest.raises(psycopg.Error, match=REFUSED):
            as_owner.execute("TRUNCATE outbox_jobs, audit_logs CASCADE")

        assert _count(as_owner) == before

    def test_refuses_an_upsert(self, as_owner):
        with pytest.raises(psycopg.Error):
            as_owner.execute(
                "INSERT INTO audit_logs SELECT * FROM audit_logs LIMIT 1 "
                "ON CONFLICT (id, at) DO UPDATE SET action = 'x'"
            )

    def test_does_not_let_its_owner_walk_past_the_triggers(self, as_owner):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_owner.execute("SET session_replication_role = replica")

    def test_is_guarded_by_rules_and_lasting_triggers_everywhere(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ev_class::regclass::text, array_agg(rulename::text ORDER BY 1) "
                "FROM pg_rewrite WHERE rulename LIKE 'prevent_audit%' GROUP BY 1"
            )
            rules = dict(cursor.fetchall())
            cursor.execute(
                "SELECT tgrelid::regclass::text, "
                "array_agg(tgname::text || tgenabled::text ORDER BY tgname) "
                "FROM pg_trigger WHERE tgname LIKE 'audit%' GROUP BY 1"
            )
            triggers = dict(cursor.fetchall())

        names = ["prevent_audit_delete", "prevent_audit_update"]
        assert {
            table: sorted(found) for table, found in rules.items()
        } == dict.fromkeys(_tables(), names)
        # A: it fires for replication as well.
        lasting = ["audit_no_changeA", "audit_no_truncateA"]
        assert sorted(triggers) == sorted(_tables())
        assert all(found == lasting for found in triggers.values())

    def test_shows_each_clinic_its_own_lines(self, cast):
        alder, birch = cast.alder.organization.id, cast.birch.organization.id
        with tenancy.scope(alder):
            audit.record(_entry(alder))

        with tenancy.scope(birch):
            assert AuditLog.unscoped.filter(action="tests.thing.done").count() == 0
        with tenancy.scope(alder):
            assert AuditLog.objects.filter(action="tests.thing.done").count() == 1

    def test_takes_no_line_for_another_clinic(self, cast):
        alder, birch = cast.alder.organization.id, cast.birch.organization.id

        with (
            pytest.raises(DatabaseError, match="row-level security"),
            tenancy.scope(birch),
            transaction.atomic(),
        ):
            audit.record(_entry(alder))

    @pytest.mark.parametrize("fact", ["a name", 1.5, None, ["x"], b"x"])
    def test_takes_ids_counts_and_flags_alone(self, cast, fact):
        organization_id = cast.alder.organization.id

        with tenancy.scope(organization_id):
            before = AuditLog.objects.count()
            with pytest.raises(TypeError):
                audit.record(_entry(organization_id, what=fact))
            assert AuditLog.objects.count() == before


@pytest.mark.django_db
class TestChangeOfConfiguration:
    @pytest.mark.parametrize(
        ("action", "facts", "lacks"),
        [
            ("compliance.retention.changed", {"after"}, "before"),
            ("accounts.api_key.made", set(), "after"),
            ("accounts.api_key.ended", {"after"}, "before"),
        ],
    )
    def test_is_not_taken_down_without_its_hashes(self, cast, action, facts, lacks):
        organization_id = cast.alder.organization.id
        told = dict.fromkeys(facts, audit.Digest("0" * 16))
        entry = replace(_entry(organization_id, **told), action=action)

        with (
            tenancy.scope(organization_id),
            pytest.raises(ValueError, match=f"{action} lacks {lacks}"),
        ):
            write(entry)

        with tenancy.scope(organization_id):
            assert not AuditLog.objects.filter(action=action).exists()


class TestNoSink:
    def test_means_no_change(self, cast):
        organization_id = cast.alder.organization.id
        with tenancy.scope(organization_id):
            call = make_call(
                cast.alder, at=NOW, status="live", ended_at=None, end_reason=""
            )
        audit._sinks.clear()
        try:
            with (
                pytest.raises(AuditSinkMissingError),
                tenancy.scope(organization_id),
            ):
                end_call(call_id=call.id, reason=Call.EndReason.CARRIER, now=NOW)
        finally:
            audit.install_sink(write)

        with tenancy.scope(organization_id):
            assert Call.objects.get().status == "live"
