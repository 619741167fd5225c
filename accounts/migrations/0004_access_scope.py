from django.db import migrations

from sondervoice.kernel.rls import PersonTable, TenantForeignKey, TenantTable

WAY_IN = """
CREATE OR REPLACE FUNCTION organizations_for_user(person uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT found.id FROM (
    SELECT m.organization_id AS id, m.created_at FROM accounts_membership m
     WHERE m.user_id = person AND m.ended_at IS NULL
    UNION ALL
    SELECT o.id, a.created_at FROM accounts_agencymembership a
      JOIN accounts_organization o ON o.agency_id = a.agency_id
     WHERE a.user_id = person AND NOT EXISTS (
       SELECT FROM accounts_membership m WHERE m.organization_id = o.id
          AND m.user_id = person AND m.ended_at IS NULL)
  ) found
  WHERE EXISTS (SELECT FROM accounts_user u WHERE u.id = person AND u.is_active)
  ORDER BY found.created_at, found.id
$$;
CREATE FUNCTION agency_for_user(person uuid, organization uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.agency_id FROM accounts_agencymembership a
    JOIN accounts_organization o ON o.agency_id = a.agency_id
   WHERE a.user_id = person AND o.id = organization
$$;
-- For whoever lets a member go or changes their role: the one column, of a member of the
-- open organization alone.
CREATE FUNCTION end_sessions_of(person uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE accounts_user SET session_epoch = session_epoch + 1
   WHERE id = person AND EXISTS (
     SELECT FROM accounts_membership m WHERE m.user_id = person AND m.organization_id =
       NULLIF(current_setting('app.organization_id', true), '')::uuid)
$$;
REVOKE ALL ON FUNCTION agency_for_user(uuid, uuid), end_sessions_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agency_for_user(uuid, uuid), end_sessions_of(uuid) TO sv_app;
"""

DROP = """
DROP FUNCTION agency_for_user(uuid, uuid);
DROP FUNCTION end_sessions_of(uuid);
CREATE OR REPLACE FUNCTION organizations_for_user(person uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.organization_id FROM accounts_membership m
    JOIN accounts_user u ON u.id = m.user_id
   WHERE m.user_id = person AND u.is_active ORDER BY m.created_at, m.id
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_access")]
    operations = [
        TenantTable("CustomRole"),
        TenantForeignKey("Membership", field="custom_role"),
        PersonTable("AgencyMembership"),
        migrations.RunSQL(WAY_IN, DROP),
    ]
