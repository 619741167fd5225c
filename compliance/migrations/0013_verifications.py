"""Keep what each look at the whole record found: in all, and for each organization."""

from django.db import migrations, models

from sondervoice.kernel.rls import CURRENT

# The sealer alone adds, and takes away what is older than 400 days and nothing else;
# nobody changes. A clinic reads what was found of its own record, the operators all.
SQL = """
CREATE TABLE ledger_verifications (
  due_at timestamptz PRIMARY KEY,
  began_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL CHECK (ended_at >= began_at),
  rows bigint NOT NULL CHECK (rows >= 0),
  anchors bigint NOT NULL CHECK (anchors >= 0),
  findings bigint NOT NULL CHECK (findings >= 0),
  kinds jsonb NOT NULL
);
CREATE TABLE ledger_verified (
  organization_id uuid NOT NULL,
  due_at timestamptz NOT NULL,
  began_at timestamptz NOT NULL,
  rows bigint NOT NULL CHECK (rows >= 0),
  kinds jsonb NOT NULL,
  PRIMARY KEY (organization_id, due_at)
);
CREATE INDEX ledger_verified_due_at ON ledger_verified (due_at);
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['ledger_verifications', 'ledger_verified'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, sv_app', name);
    EXECUTE format('GRANT SELECT ON %I TO sv_operator', name);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON %I TO sv_sealer', name);
    EXECUTE format('CREATE POLICY owner_all ON %I FOR ALL TO sv_owner USING (true) '
                   'WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY operator_read ON %I FOR SELECT TO sv_operator '
                   'USING (true)', name);
    EXECUTE format('CREATE POLICY sealer_read ON %I FOR SELECT TO sv_sealer '
                   'USING (true)', name);
    EXECUTE format('CREATE POLICY sealer_add ON %I FOR INSERT TO sv_sealer '
                   'WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY sealer_clear ON %I FOR DELETE TO sv_sealer '
                   'USING (due_at < now() - interval ''400 days'')', name);
  END LOOP;
END $$;
GRANT SELECT ON ledger_verified TO sv_app;
CREATE POLICY tenant_isolation ON ledger_verified FOR SELECT TO sv_app
  USING (organization_id = {CURRENT});
""".replace("{CURRENT}", CURRENT)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0012_held_counts")]
    operations = [
        migrations.RunSQL(SQL, "DROP TABLE ledger_verified, ledger_verifications"),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("due_at", models.DateTimeField(primary_key=True, serialize=False)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("rows", models.BigIntegerField()),
                ("anchors", models.BigIntegerField()),
                ("findings", models.BigIntegerField()),
                ("kinds", models.JSONField()),
            ],
            options={"db_table": "ledger_verifications", "managed": False},
        ),
    ]
