from django.db import migrations

# For a person's own copy and the erasure of their account, which reach clinics that
# they have left and those that only invited them: ids alone.
WITH_TRACES = """
CREATE FUNCTION organizations_with_traces(person uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.organization_id FROM accounts_membership m WHERE m.user_id = person
  UNION
  SELECT d.organization_id FROM sso_directoryidentity d WHERE d.user_id = person
  UNION
  SELECT i.organization_id FROM joining_invitation i
    JOIN accounts_user u ON u.email = i.email WHERE u.id = person
  ORDER BY 1
$$;
REVOKE ALL ON FUNCTION organizations_with_traces(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION organizations_with_traces(uuid) TO sv_app;
"""


class Migration(migrations.Migration):
    dependencies = [("joining", "0002_scope"), ("sso", "0002_sso_scope")]
    operations = [
        migrations.RunSQL(
            WITH_TRACES, "DROP FUNCTION organizations_with_traces(uuid);"
        ),
    ]
