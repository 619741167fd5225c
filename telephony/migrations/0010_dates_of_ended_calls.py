from django.db import migrations

# As `compliance.retention.rules.erase_after` reckons. Calls of before there were four
# clocks carry one number of days for all.
FILL = """
UPDATE telephony_call
   SET {}
 WHERE ended_at IS NOT NULL
"""
DUE = (
    "{}_erase_after = (date_trunc('day', ended_at AT TIME ZONE 'UTC') "
    "+ (COALESCE((capture->>'keep_days')::int, 180) + 1) * interval '1 day') "
    "AT TIME ZONE 'UTC'"
)
KINDS = ("audio", "transcript", "fields", "metadata")


class Migration(migrations.Migration):
    dependencies = [("telephony", "0009_call_clocks")]
    operations = [
        migrations.RunSQL(
            FILL.format(", ".join(DUE.format(kind) for kind in KINDS)),
            migrations.RunSQL.noop,
        )
    ]
