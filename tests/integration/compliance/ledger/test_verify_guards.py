"""What is put between the record and who reads it."""

from uuid import UUID

import psycopg
import pytest

from compliance.ledger.anchors import FileAnchors
from compliance.ledger.findings import Wrong
from tests.integration.compliance.ledger.test_verify_ledger import (
    _look,
    alder,
    store,
    superuser,
)

__all__ = ["alder", "store", "superuser"]

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "sealer"]),
]

_OF_A_CLINIC = "(SELECT nullif(current_setting('app.organization_id', true), '')::uuid)"
_HIDE_ONE = "id <> '01a00000-0000-7000-8000-000000000000'"


@pytest.mark.parametrize(
    ("change", "back", "words"),
    [
        (
            f"CREATE POLICY hide ON audit_logs AS RESTRICTIVE FOR SELECT TO sv_app "
            f"USING ({_HIDE_ONE})",
            "DROP POLICY hide ON audit_logs",
            "audit_logs has a policy that is not ours: hide",
        ),
        (
            f"ALTER POLICY operator_read ON audit_logs USING ({_HIDE_ONE})",
            "ALTER POLICY operator_read ON audit_logs USING (true)",
            "audit_logs has a policy that is not ours: operator_read",
        ),
        (
            "ALTER POLICY tenant_isolation ON ledger_leaves "
            f"USING (organization_id = {_OF_A_CLINIC} AND position > 3)",
            "ALTER POLICY tenant_isolation ON ledger_leaves "
            f"USING (organization_id = {_OF_A_CLINIC})",
            "ledger_leaves has a policy that is not ours: tenant_isolation",
        ),
        (
            "CREATE RULE prevent_more AS ON INSERT TO ledger_leaves DO INSTEAD NOTHING",
            "DROP RULE prevent_more ON ledger_leaves",
            "ledger_leaves has a rule that is not ours: prevent_more",
        ),
        (
            "CREATE TRIGGER aside BEFORE INSERT ON audit_logs FOR EACH ROW "
            "EXECUTE FUNCTION audit_deny()",
            "DROP TRIGGER aside ON audit_logs",
            "audit_logs has a trigger that is not ours: aside",
        ),
        (
            "CREATE SCHEMA sv_app CREATE VIEW audit_logs AS "
            "SELECT * FROM public.audit_logs OFFSET 1",
            "DROP SCHEMA sv_app CASCADE",
            "sv_app.audit_logs stands in the place of the record",
        ),
    ],
)
def test_is_found_and_named(
    alder: UUID, store: FileAnchors, superuser: psycopg.Connection,
    change: str, back: str, words: str,
):  # fmt: skip
    superuser.execute(change)
    try:
        found = {(one.wrong, one.words) for one in _look(store).findings}
    finally:
        superuser.execute(back)

    assert found == {(Wrong.GUARD, words)}
    assert _look(store).findings == ()


def test_of_a_view_under_the_name_of_the_record_is_found(
    alder: UUID, store: FileAnchors, superuser: psycopg.Connection
):
    superuser.execute("ALTER TABLE audit_logs RENAME TO audit_rows")
    superuser.execute("CREATE VIEW audit_logs AS SELECT * FROM audit_rows")
    superuser.execute("GRANT SELECT ON audit_logs TO sv_sealer, sv_app")
    try:
        found = {(one.wrong, one.words) for one in _look(store).findings}
    finally:
        superuser.execute("DROP VIEW audit_logs")
        superuser.execute("ALTER TABLE audit_rows RENAME TO audit_logs")

    assert (Wrong.GUARD, "public.audit_logs stands in the place of the record") in found
    assert _look(store).findings == ()
