from django.db import migrations

# `xid` is the transaction that wrote a row. Rows below the oldest one still running
# (`pg_snapshot_xmin`) are all there or never will be, so each is sealed exactly once,
# in one order, with no lock on those who write.
TABLES = """
ALTER TABLE audit_logs ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX audit_logs_xid ON audit_logs (xid);

CREATE TABLE ledger_leaves (
  organization_id uuid NOT NULL,
  position bigint NOT NULL CHECK (position >= 0),
  row_id uuid NOT NULL,
  row_at timestamptz NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (organization_id, position)
);
CREATE UNIQUE INDEX ledger_leaves_row ON ledger_leaves (row_id);
CREATE TABLE ledger_nodes (
  organization_id uuid NOT NULL,
  level smallint NOT NULL CHECK (level > 0),
  position bigint NOT NULL CHECK (position >= 0),
  hash bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (organization_id, level, position)
);
CREATE TABLE ledger_checkpoints (
  organization_id uuid NOT NULL,
  size bigint NOT NULL CHECK (size > 0),
  root bytea NOT NULL CHECK (length(root) = 32),
  peaks bytea[] NOT NULL,
  sealed_at timestamptz NOT NULL,
  note text NOT NULL,
  PRIMARY KEY (organization_id, size)
);
CREATE TABLE ledger_state (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  horizon xid8 NOT NULL,
  sealed_at timestamptz
);
INSERT INTO ledger_state (horizon) VALUES ('0');
CREATE TABLE ledger_anchors (
  number bigint PRIMARY KEY CHECK (number > 0),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  anchored_at timestamptz NOT NULL
);
CREATE TABLE ledger_anchored (
  organization_id uuid NOT NULL,
  size bigint NOT NULL,
  number bigint NOT NULL,
  PRIMARY KEY (organization_id, size)
);
"""

UNTABLES = """
DROP TABLE ledger_leaves, ledger_nodes, ledger_checkpoints, ledger_anchored,
  ledger_anchors, ledger_state;
DROP FUNCTION ledger_deny();
ALTER TABLE audit_logs DROP COLUMN xid;
"""

# Nobody changes what was sealed; the product reads its own organization's, the sealer
# alone adds. The state of the sealer is its own.
GUARDS = """
CREATE FUNCTION ledger_deny() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['ledger_leaves', 'ledger_nodes', 'ledger_checkpoints',
                              'ledger_anchored'] LOOP
    EXECUTE format('CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON %I '
                   'FOR EACH ROW EXECUTE FUNCTION ledger_deny()', name);
    EXECUTE format('CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON %I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION ledger_deny()', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER ledger_no_change', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER ledger_no_truncate', name);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, sv_app', name);
    EXECUTE format('GRANT SELECT ON %I TO sv_app, sv_operator, sv_sealer', name);
    EXECUTE format('GRANT INSERT ON %I TO sv_sealer', name);
    EXECUTE format('CREATE POLICY tenant_isolation ON %I FOR SELECT TO sv_app USING '
      '(organization_id = (SELECT NULLIF(current_setting(''app.organization_id'', true), '
      ''''')::uuid))', name);
    EXECUTE format('CREATE POLICY owner_all ON %I FOR ALL TO sv_owner USING (true) '
                   'WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY operator_read ON %I FOR SELECT TO sv_operator '
                   'USING (true)', name);
    EXECUTE format('CREATE POLICY sealer_read ON %I FOR SELECT TO sv_sealer '
                   'USING (true)', name);
    EXECUTE format('CREATE POLICY sealer_add ON %I FOR INSERT TO sv_sealer '
                   'WITH CHECK (true)', name);
  END LOOP;
END $$;
REVOKE ALL ON ledger_state FROM PUBLIC, sv_app;
GRANT SELECT, UPDATE ON ledger_state TO sv_sealer;
REVOKE ALL ON ledger_anchors FROM PUBLIC, sv_app;
GRANT SELECT, INSERT ON ledger_anchors TO sv_sealer;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_audit_logs")]
    operations = [
        migrations.RunSQL(TABLES, UNTABLES),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
