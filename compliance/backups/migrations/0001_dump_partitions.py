from django.db import migrations

# pg_dump reads each month of the record by itself. A month had no policy, and a table
# behind forced policies without any shows its owner nothing: the dump would have been
# without the record, and nobody had been told. Writing goes through the parent alone.
POLICY = "CREATE POLICY owner_read ON %I FOR SELECT TO sv_owner USING (true)"

GUARD = """
CREATE OR REPLACE PROCEDURE guard_audit_table(name text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE RULE prevent_audit_update AS ON UPDATE TO %I '
                 'DO INSTEAD SELECT audit_deny_rule()', name);
  EXECUTE format('CREATE RULE prevent_audit_delete AS ON DELETE TO %I '
                 'DO INSTEAD SELECT audit_deny_rule()', name);
  EXECUTE format('CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON %I '
                 'FOR EACH STATEMENT EXECUTE FUNCTION audit_deny()', name);
  EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER audit_no_truncate', name);
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, sv_app', name);{policy}
END $$;
"""

MONTHS = """
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid
               WHERE inhparent = 'audit_logs'::regclass LOOP
    EXECUTE format('{statement}', name);
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("compliance", "0007_retention_row_level_security")]
    operations = [
        migrations.RunSQL(
            GUARD.replace("{policy}", f"\n  EXECUTE format('{POLICY}', name);"),
            GUARD.replace("{policy}", ""),
        ),
        migrations.RunSQL(
            MONTHS.replace("{statement}", POLICY),
            MONTHS.replace("{statement}", "DROP POLICY owner_read ON %I"),
        ),
    ]
