from django.db import migrations, models

CLAIM = """
CREATE OR REPLACE FUNCTION {name}(lease_s integer)
RETURNS TABLE (id uuid, task varchar, organization_id uuid, ids jsonb, attempts smallint)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH due AS MATERIALIZED (
    SELECT o.id FROM outbox_jobs o
     WHERE o.done_at IS NULL AND o.failed_at IS NULL AND o.next_at <= now()
       AND {condition}
     ORDER BY o.next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  UPDATE outbox_jobs j
     SET attempts = j.attempts + 1, next_at = now() + make_interval(secs => lease_s)
    FROM due
   WHERE j.id = due.id
  RETURNING j.id, j.task, j.organization_id, j.ids, j.attempts
$$;
REVOKE ALL ON FUNCTION {name}(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {name}(integer) TO sv_app;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_claim_one")]
    operations = [
        migrations.AddField(
            model_name="outboxjob",
            name="is_slow",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RemoveIndex(model_name="outboxjob", name="outbox_waiting"),
        *(
            migrations.AddIndex(
                model_name="outboxjob",
                index=models.Index(
                    condition=models.Q(
                        ("done_at", None), ("failed_at", None), ("is_slow", is_slow)
                    ),
                    fields=["next_at"],
                    name=name,
                ),
            )
            for name, is_slow in (("outbox_soon", False), ("outbox_slow", True))
        ),
        migrations.RunSQL(
            CLAIM.format(name="claim_job", condition="NOT o.is_slow"),
            CLAIM.format(name="claim_job", condition="true"),
        ),
        migrations.RunSQL(
            CLAIM.format(name="claim_slow_job", condition="o.is_slow"),
            "DROP FUNCTION claim_slow_job(integer);",
        ),
    ]
