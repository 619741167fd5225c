from django.db import migrations

from sondervoice.kernel.rls import PERSON, SIGNING_IN

# Tables of packages that say something of a person, and whose rows they are. Nothing of
# ours writes there; should a package begin to, its rows are not everybody's to read.
_MINE = f"user_id = {PERSON}"
_WHOSE = {
    "account_emailaddress": _MINE,
    "account_emailconfirmation": (
        f"email_address_id IN (SELECT a.id FROM account_emailaddress a WHERE {_MINE})"  # noqa: S608 -- ours
    ),
    "accounts_user_groups": _MINE,
    "accounts_user_user_permissions": _MINE,
}
POLICIES = "".join(
    f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON {table} FOR ALL TO sv_app
  USING ({test} OR {SIGNING_IN}) WITH CHECK ({test} OR {SIGNING_IN});
CREATE POLICY owner_all ON {table} FOR ALL TO sv_owner USING (true) WITH CHECK (true);
"""
    for table, test in _WHOSE.items()
)
NO_POLICIES = "".join(
    f"""
DROP POLICY own_rows ON {table};
DROP POLICY owner_all ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
    for table in _WHOSE
)


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0005_limits"),
    ]
    operations = [migrations.RunSQL(POLICIES, NO_POLICIES)]
