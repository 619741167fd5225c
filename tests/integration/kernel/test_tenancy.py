import uuid

import pytest
from django.db import connection, transaction

from accounts.models import ApiKey, Organization
from sondervoice.kernel import tenancy
from sondervoice.kernel.clock import utc_now
from sondervoice.kernel.ids import uuid7


def make_clinic(slug: str) -> Organization:
    organization_id = uuid7()
    with tenancy.scope(organization_id):
        return Organization.objects.create(
            id=organization_id,
            name=slug,
            slug=slug,
            timezone="America/Chicago",
            country="US",
            jurisdiction="US-IL",
            created_at=utc_now(),
        )


def make_key(clinic: Organization) -> ApiKey:
    return ApiKey.objects.create(
        organization=clinic,
        name="k",
        prefix=uuid.uuid4().hex[:12],
        secret_sha256=b"0" * 32,
        created_at=utc_now(),
    )


@pytest.mark.django_db
class TestScope:
    def test_refuses_a_question_outside_any_scope(self):
        with pytest.raises(tenancy.TenantScopeMissingError):
            ApiKey.objects.count()

    def test_refuses_another_tenants_scope_inside_one(self):
        with (
            tenancy.scope(uuid7()),
            pytest.raises(tenancy.TenantSwitchError),
            tenancy.scope(uuid7()),
        ):
            pass

    def test_leaves_no_tenant_in_sight_once_it_ends(self):
        clinic = make_clinic("alder")
        with tenancy.scope(clinic.id):
            make_key(clinic)

        assert ApiKey.unscoped.count() == 0

    def test_database_alone_keeps_tenants_apart(self):
        alder, birch = make_clinic("alder"), make_clinic("birch")
        with tenancy.scope(alder.id):
            make_key(alder)

        with tenancy.scope(birch.id):
            assert ApiKey.unscoped.count() == 0
        with tenancy.scope(alder.id):
            assert ApiKey.unscoped.count() == 1

    def test_database_refuses_a_row_of_another_tenant(self):
        alder, birch = make_clinic("alder"), make_clinic("birch")

        with (
            pytest.raises(Exception, match="row-level security"),
            tenancy.scope(birch.id),
        ):
            make_key(alder)


@pytest.mark.django_db
class TestApplicationRole:
    def test_is_neither_superuser_nor_past_the_policies(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles "
                "WHERE rolname = current_user"
            )
            assert cursor.fetchone() == ("sv_app", False, False)

    @pytest.mark.parametrize(
        "verb",
        [
            "UPDATE audit_logs SET action = 'x'",
            "DELETE FROM audit_logs",
            "TRUNCATE audit_logs",
        ],
    )
    def test_cannot_change_the_record(self, verb):
        with (
            pytest.raises(Exception, match=r"append-only|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(verb)


@pytest.mark.django_db
class TestCatalogue:
    def test_every_table_with_an_organization_is_forced_behind_its_policies(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity "
                "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
                "WHERE a.attname = 'organization_id' AND c.relkind IN ('r', 'p')"
            )
            tables = dict(cursor.fetchall())
            cursor.execute(
                "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class "
                "WHERE relname IN ('accounts_organization', 'accounts_user')"
            )
            tables.update(cursor.fetchall())

        assert len(tables) > 15
        assert [name for name, forced in tables.items() if not forced] == []

    def test_every_reference_between_tenants_tables_carries_the_organization(self):
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH tenant AS (
                  SELECT a.attrelid AS oid FROM pg_attribute a
                    JOIN pg_class c ON c.oid = a.attrelid
                   WHERE a.attname = 'organization_id' AND c.relkind = 'r'
                ), keys AS (
                  SELECT conrelid, confrelid, conkey FROM pg_constraint
                   WHERE contype = 'f' AND conrelid IN (SELECT oid FROM tenant)
                     AND confrelid IN (SELECT oid FROM tenant)
                )
                SELECT conrelid::regclass::text, a.attname FROM keys
                  JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
                 WHERE cardinality(conkey) = 1 AND NOT EXISTS (
                   SELECT 1 FROM keys k WHERE k.conrelid = keys.conrelid
                      AND k.confrelid = keys.confrelid AND cardinality(k.conkey) = 2
                      AND keys.conkey[1] = k.conkey[2])
                """
            )
            assert cursor.fetchall() == []
