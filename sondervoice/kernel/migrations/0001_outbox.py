from django.db import migrations, models

import sondervoice.kernel.ids
from sondervoice.kernel.rls import TenantTable

GRANTS = """
GRANT USAGE ON SCHEMA public TO sv_app, sv_operator, sv_sealer;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sv_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO sv_app;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO sv_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO sv_app;
"""

CLAIM = """
CREATE FUNCTION claim_job(lease_s integer)
RETURNS TABLE (id uuid, task varchar, organization_id uuid, ids jsonb, attempts smallint)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE outbox_jobs j
     SET attempts = j.attempts + 1, next_at = now() + make_interval(secs => lease_s)
    FROM (SELECT o.id FROM outbox_jobs o
           WHERE o.done_at IS NULL AND o.failed_at IS NULL AND o.next_at <= now()
           ORDER BY o.next_at LIMIT 1 FOR UPDATE SKIP LOCKED) due
   WHERE j.id = due.id
  RETURNING j.id, j.task, j.organization_id, j.ids, j.attempts
$$;
REVOKE ALL ON FUNCTION claim_job(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_job(integer) TO sv_app;

CREATE FUNCTION nudge_worker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('outbox', '');
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION nudge_worker() TO sv_app;
CREATE TRIGGER nudge_worker AFTER INSERT ON outbox_jobs
  FOR EACH STATEMENT EXECUTE FUNCTION nudge_worker();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="OutboxJob",
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
                ("task", models.CharField(max_length=100)),
                ("ids", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("failure_code", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "db_table": "outbox_jobs",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None), ("failed_at", None)),
                        fields=["next_at"],
                        name="outbox_waiting",
                    )
                ],
            },
        ),
        TenantTable("OutboxJob", nullable="yes"),
        migrations.RunSQL(
            CLAIM,
            "DROP TRIGGER nudge_worker ON outbox_jobs; DROP FUNCTION nudge_worker();"
            "DROP FUNCTION claim_job(integer);",
        ),
    ]
