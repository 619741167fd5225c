from django.db import migrations

from sondervoice.kernel.rls import TenantTable

# A person is seen by themselves, by a fellow member of the open organization, and by the
# sign-in pages (purpose `sign_in`, set in accounts/way_in.py alone).
USERS = """
ALTER TABLE accounts_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts_user FORCE ROW LEVEL SECURITY;
CREATE POLICY known_people ON accounts_user FOR ALL TO sv_app
  USING (
    id = (SELECT NULLIF(current_setting('app.user_id', true), '')::uuid)
    OR (SELECT current_setting('app.purpose', true)) = 'sign_in'
    OR id IN (SELECT m.user_id FROM accounts_membership m
               WHERE m.organization_id =
                 (SELECT NULLIF(current_setting('app.organization_id', true), '')::uuid))
  )
  WITH CHECK (
    id = (SELECT NULLIF(current_setting('app.user_id', true), '')::uuid)
    OR (SELECT current_setting('app.purpose', true)) = 'sign_in'
  );
CREATE POLICY owner_all ON accounts_user FOR ALL TO sv_owner USING (true) WITH CHECK (true);
CREATE POLICY operator_read ON accounts_user FOR SELECT TO sv_operator USING (true);
"""

WAY_IN = """
CREATE FUNCTION organization_ids() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT id FROM accounts_organization ORDER BY id
$$;
CREATE FUNCTION organizations_for_user(person uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.organization_id FROM accounts_membership m
    JOIN accounts_user u ON u.id = m.user_id
   WHERE m.user_id = person AND u.is_active ORDER BY m.created_at, m.id
$$;
CREATE FUNCTION organization_for_api_key(wanted text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT organization_id FROM accounts_apikey WHERE prefix = wanted
$$;
GRANT EXECUTE ON FUNCTION organization_ids(), organizations_for_user(uuid),
  organization_for_api_key(text) TO sv_app;
"""

DROP = """
DROP FUNCTION organization_ids();
DROP FUNCTION organizations_for_user(uuid);
DROP FUNCTION organization_for_api_key(text);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("kernel", "0001_outbox")]
    operations = [
        TenantTable("Organization", column="id"),
        TenantTable("Membership"),
        TenantTable("ApiKey"),
        migrations.RunSQL(
            USERS,
            "DROP POLICY known_people ON accounts_user;"
            "ALTER TABLE accounts_user DISABLE ROW LEVEL SECURITY;",
        ),
        migrations.RunSQL(WAY_IN, DROP),
    ]
