"""Let something other than the clock be the cause of a run."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_closed_agency_administrators"),
        ("compliance", "0007_retention_row_level_security"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="retentionrun",
            name="retention_run_once",
        ),
        migrations.AddField(
            model_name="retentionrun",
            name="cause_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="retentionrun",
            name="kind",
            field=models.CharField(default="night", max_length=12),
        ),
        migrations.AddConstraint(
            model_name="retentionrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "night")),
                fields=("organization", "due_at"),
                name="retention_run_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "night"), _negated=True),
                fields=("organization", "kind", "cause_id"),
                name="retention_run_once_a_cause",
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cause_id", None), ("kind", "night")),
                    models.Q(
                        models.Q(("kind", "night"), _negated=True),
                        ("cause_id__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="retention_run_has_its_cause",
            ),
        ),
    ]
