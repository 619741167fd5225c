from django.db import migrations

FILL = """
UPDATE scheduling_appointment a
   SET counts_from = GREATEST(s.ends_at, a.booked_at),
       erase_after = (date_trunc('day', GREATEST(s.ends_at, a.booked_at)
                                 AT TIME ZONE 'UTC') + interval '181 days')
                     AT TIME ZONE 'UTC'
  FROM scheduling_slot s
 WHERE s.id = a.slot_id
"""


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0003_appointment_clock")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
