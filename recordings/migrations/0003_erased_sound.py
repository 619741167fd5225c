from django.db import migrations

# The clock moves to the call's row: what is erased stays erased there.
FILL = """
UPDATE telephony_call c
   SET audio_erase_after = LEAST(c.audio_erase_after, r.erase_after),
       audio_erased_at = CASE WHEN r.status = 'erased' THEN r.erase_after END
  FROM recordings_recording r
 WHERE r.call_id = c.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recordings", "0002_row_level_security"),
        ("telephony", "0010_dates_of_ended_calls"),
    ]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
