from django.db import migrations

# A subquery in FROM may be run once for each row it is joined with, and each time it
# skips what it has locked: more than one job could be claimed then, and one was run.
# A common table expression that locks is run once.
ONE = """
CREATE OR REPLACE FUNCTION claim_job(lease_s integer)
RETURNS TABLE (id uuid, task varchar, organization_id uuid, ids jsonb, attempts smallint)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH due AS MATERIALIZED (
    SELECT o.id FROM outbox_jobs o
     WHERE o.done_at IS NULL AND o.failed_at IS NULL AND o.next_at <= now()
     ORDER BY o.next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  UPDATE outbox_jobs j
     SET attempts = j.attempts + 1, next_at = now() + make_interval(secs => lease_s)
    FROM due
   WHERE j.id = due.id
  RETURNING j.id, j.task, j.organization_id, j.ids, j.attempts
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_periodic_runs")]
    operations = [migrations.RunSQL(ONE, migrations.RunSQL.noop)]
