from django.db import migrations, models

import sondervoice.kernel.ids

# A rule that rewrites to NOTHING would report success; these raise. A rule does not
# descend to partitions, TRUNCATE has no rule, and `session_replication_role = replica`
# walks past a trigger that is not ENABLE ALWAYS: hence all three, on every partition.
TABLE = """
CREATE TABLE audit_logs (
  id uuid NOT NULL,
  organization_id uuid,
  at timestamptz NOT NULL,
  actor_kind varchar(20) NOT NULL,
  actor_id uuid,
  action varchar(100) NOT NULL,
  subject_kind varchar(40) NOT NULL,
  subject_id uuid,
  fields jsonb NOT NULL,
  facts jsonb NOT NULL,
  PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX audit_logs_subject ON audit_logs (organization_id, subject_id, at);
CREATE INDEX audit_logs_recent ON audit_logs (organization_id, at);

CREATE FUNCTION audit_deny() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_logs is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION audit_deny_rule() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_logs is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE PROCEDURE guard_audit_table(name text) LANGUAGE plpgsql AS $$
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
  EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, sv_app', name);
END $$;

CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_logs
  FOR EACH ROW EXECUTE FUNCTION audit_deny();
ALTER TABLE audit_logs ENABLE ALWAYS TRIGGER audit_no_change;
CALL guard_audit_table('audit_logs');

-- The parent alone is read and written; a partition has no policy and no grant.
GRANT SELECT, INSERT ON audit_logs TO sv_app;
GRANT SELECT ON audit_logs TO sv_operator, sv_sealer;
CREATE POLICY tenant_isolation ON audit_logs FOR ALL TO sv_app
  USING (organization_id IS NOT DISTINCT FROM
         (SELECT NULLIF(current_setting('app.organization_id', true), '')::uuid))
  WITH CHECK (organization_id IS NULL OR organization_id =
         (SELECT NULLIF(current_setting('app.organization_id', true), '')::uuid));
CREATE POLICY owner_all ON audit_logs FOR ALL TO sv_owner USING (true) WITH CHECK (true);
CREATE POLICY operator_read ON audit_logs FOR SELECT TO sv_operator USING (true);
CREATE POLICY sealer_read ON audit_logs FOR SELECT TO sv_sealer USING (true);

-- Made ahead by the owner role: the function runs as its owner, and makes months only.
CREATE FUNCTION make_audit_partitions(months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  first date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
  start date;
  name text;
  made integer := 0;
BEGIN
  FOR n IN 0 .. LEAST(months, 24) LOOP
    start := first + make_interval(months => n);
    name := 'audit_logs_' || to_char(start, 'YYYY_MM');
    CONTINUE WHEN to_regclass(name) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I PARTITION OF audit_logs FOR VALUES FROM (%L) TO (%L)',
                   name, start || ' 00:00+00',
                   (start + make_interval(months => 1))::date || ' 00:00+00');
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER audit_no_change', name);
    CALL guard_audit_table(name);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION make_audit_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_audit_partitions(integer) TO sv_app;
SELECT make_audit_partitions(3);
"""

DROP = """
DROP FUNCTION make_audit_partitions(integer);
DROP TABLE audit_logs;
DROP PROCEDURE guard_audit_table(text);
DROP FUNCTION audit_deny();
DROP FUNCTION audit_deny_rule();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("kernel", "0001_outbox")]
    operations = [
        migrations.RunSQL(
            TABLE,
            DROP,
            state_operations=[
                migrations.CreateModel(
                    name="AuditLog",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=sondervoice.kernel.ids.uuid7,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("organization_id", models.UUIDField(null=True)),
                        ("at", models.DateTimeField()),
                        ("actor_kind", models.CharField(max_length=20)),
                        ("actor_id", models.UUIDField(null=True)),
                        ("action", models.CharField(max_length=100)),
                        ("subject_kind", models.CharField(max_length=40)),
                        ("subject_id", models.UUIDField(null=True)),
                        ("fields", models.JSONField(default=list)),
                        ("facts", models.JSONField(default=dict)),
                    ],
                    options={"db_table": "audit_logs", "managed": False},
                )
            ],
        )
    ]
