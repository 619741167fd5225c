from django.db import migrations

TABLE = """
CREATE TABLE periodic_runs (
  job varchar(60) NOT NULL,
  slot timestamptz NOT NULL,
  claimed_at timestamptz NOT NULL,
  lease_until timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (job, slot)
);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_outbox")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE periodic_runs")]
