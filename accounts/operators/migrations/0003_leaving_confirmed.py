import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

# The clock has no desk: it may learn which lists are overdue, and note that it said so.
OVERDUE = """
CREATE FUNCTION note_overdue_leavings(
  at timestamptz, begun_before timestamptz, alarmed_before timestamptz)
RETURNS TABLE (leaving uuid, open_steps integer)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE operators_leaving l SET alarmed_at = at
   WHERE l.closed_at IS NULL AND l.begun_at <= begun_before
     AND (l.alarmed_at IS NULL OR l.alarmed_at <= alarmed_before)
  RETURNING l.id, (
    SELECT count(*)::integer FROM operators_leavingstep s
     WHERE s.leaving_id = l.id AND s.outcome <> 'software' AND s.confirmed_at IS NULL)
$$;
GRANT EXECUTE ON FUNCTION note_overdue_leavings(timestamptz, timestamptz, timestamptz)
  TO sv_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0002_row_level_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="leaving",
            name="alarmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="leavingstep",
            name="confirmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="leavingstep",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="leavingstep",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("rotated", "Rotated"),
                    ("kept", "Kept"),
                    ("software", "Software"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="leavingstep",
            constraint=models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("settled_by")),
                name="leaving_step_second_person",
            ),
        ),
        migrations.RunSQL(
            OVERDUE,
            "DROP FUNCTION note_overdue_leavings(timestamptz, timestamptz, timestamptz)",
        ),
    ]
