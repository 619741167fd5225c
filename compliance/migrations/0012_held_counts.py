"""Keep with a run how much holds kept from it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0011_anchors_no_change")]

    operations = [
        migrations.AddField(
            model_name="retentionrun",
            name=f"{kind}_held_count",
            field=models.PositiveIntegerField(db_default=0, default=0),
        )
        for kind in ("audio", "transcript", "fields", "metadata")
    ]
