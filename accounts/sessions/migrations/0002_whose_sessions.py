from django.db import migrations

from sondervoice.kernel.rls import PersonTable

# Asked at each request and by each open page, before any scope: whether the session
# stands, and the limits of the strictest clinic of its person. Numbers and times, no
# name of anything.
STANDING = """
CREATE FUNCTION login_session_standing(session uuid, roles text[], words text[])
RETURNS TABLE (user_id uuid, key_sha256 bytea, epoch integer, user_epoch integer,
  started_at timestamptz, last_seen_at timestamptz, ended_at timestamptz,
  end_reason text, idle_minutes integer, session_hours integer, is_strict boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.user_id, s.key_sha256, s.epoch, u.session_epoch, s.started_at,
         s.last_seen_at, s.ended_at, s.end_reason,
         l.idle_minutes, l.session_hours, u.is_staff OR coalesce(l.is_strict, false)
    FROM account_sessions_loginsession s
    JOIN accounts_user u ON u.id = s.user_id AND u.is_active
    CROSS JOIN LATERAL (
      SELECT min(o.idle_minutes)::integer AS idle_minutes,
             min(o.session_hours)::integer AS session_hours,
             bool_or(o.hipaa_mode OR given.is_administrative) AS is_strict
        FROM (
          SELECT m.organization_id AS id,
                 m.role = ANY (roles) OR coalesce(c.permissions ?| words, false)
                   AS is_administrative
            FROM accounts_membership m
            LEFT JOIN accounts_customrole c ON c.id = m.custom_role_id
           WHERE m.user_id = s.user_id AND m.ended_at IS NULL
          UNION ALL
          SELECT held.id, true
            FROM accounts_agencymembership a
            JOIN accounts_organization held ON held.agency_id = a.agency_id
           WHERE a.user_id = s.user_id
        ) given JOIN accounts_organization o ON o.id = given.id
    ) l
   WHERE s.id = session
$$;
REVOKE ALL ON FUNCTION login_session_standing(uuid, text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION login_session_standing(uuid, text[], text[]) TO sv_app;
"""

# As before, and the session's own row says who ended it.
ENDED_BY_CLINIC = """
CREATE OR REPLACE FUNCTION end_sessions_of(person uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH member AS (
    SELECT m.user_id FROM accounts_membership m
     WHERE m.user_id = person AND m.organization_id =
       NULLIF(current_setting('app.organization_id', true), '')::uuid
  ), over AS (
    UPDATE account_sessions_loginsession SET ended_at = now(),
           end_reason = 'ended_by_clinic'
     WHERE ended_at IS NULL AND user_id IN (SELECT user_id FROM member)
  )
  UPDATE accounts_user SET session_epoch = session_epoch + 1
   WHERE id IN (SELECT user_id FROM member)
$$;
"""

AS_BEFORE = """
CREATE OR REPLACE FUNCTION end_sessions_of(person uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE accounts_user SET session_epoch = session_epoch + 1
   WHERE id = person AND EXISTS (
     SELECT FROM accounts_membership m WHERE m.user_id = person AND m.organization_id =
       NULLIF(current_setting('app.organization_id', true), '')::uuid)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("account_sessions", "0001_login_sessions"),
        ("accounts", "0004_access_scope"),
    ]
    operations = [
        PersonTable("LoginSession"),
        migrations.RunSQL(
            STANDING, "DROP FUNCTION login_session_standing(uuid, text[], text[])"
        ),
        migrations.RunSQL(ENDED_BY_CLINIC, AS_BEFORE),
    ]
